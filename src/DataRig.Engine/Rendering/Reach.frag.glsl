// How much of each light reaches the table, as a half: 1 less what is hidden, and what is mirrored onto it. Averaged over a
// texel's surroundings, so that the steps between a light's points do not show.
uniform sampler2D hidden;
uniform sampler2D mirrored;
out vec4 reach;

void main() {
    reach = 0.5 * (1.0 - min(surroundings(hidden, gl_FragCoord.xy), 1.0) + surroundings(mirrored, gl_FragCoord.xy));
}
