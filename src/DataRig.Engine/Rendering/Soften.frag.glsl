// Averages a shadow map over a texel's surroundings, so that the steps between a light's points do not show.
uniform sampler2D map;
out vec4 softened;

void main() {
    vec2 size = vec2(textureSize(map, 0)), at = gl_FragCoord.xy / size;
    // Four taps off the grid, each between four texels.
    softened = 0.25 * (texture(map, at + vec2(1.0, 0.4) / size) + texture(map, at + vec2(-0.4, 1.0) / size)
        + texture(map, at + vec2(-1.0, -0.4) / size) + texture(map, at + vec2(0.4, -1.0) / size));
}
