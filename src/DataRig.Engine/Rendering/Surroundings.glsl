// Four taps off the grid, each between four texels.
vec4 surroundings(sampler2D map, vec2 pixel) {
    vec2 size = vec2(textureSize(map, 0)), at = pixel / size;
    return 0.25 * (texture(map, at + vec2(1.0, 0.4) / size) + texture(map, at + vec2(-0.4, 1.0) / size)
        + texture(map, at + vec2(-1.0, -0.4) / size) + texture(map, at + vec2(0.4, -1.0) / size));
}
