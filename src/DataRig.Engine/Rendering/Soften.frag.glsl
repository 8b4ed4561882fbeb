// Averages a shadow map over a texel's surroundings.
uniform sampler2D map;
out vec4 softened;

void main() {
    softened = surroundings(map, gl_FragCoord.xy);
}
