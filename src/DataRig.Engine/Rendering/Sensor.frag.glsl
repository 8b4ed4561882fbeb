// From light to the sensor's counts: lens blur, vignette, exposure and gains, shot and read noise.
uniform sampler2D scene;
uniform vec2 size;
uniform float neighbour;                  // weight of each pixel beside in the lens' blur
uniform vec3 gains;
uniform float vignette;
uniform vec2 noise;                       // standard deviations as shares of white: shot noise at white, read noise
uniform uvec2 seed;
out vec4 counts;

// PCG in three dimensions (Jarzynski and Olano, 2020).
uvec3 pcg(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return v;
}

// The sum of a number's four bytes is all but normal: mean 510, deviation 147.8.
vec3 normalNoise(uvec3 bits) {
    uvec3 sum = (bits & 255u) + ((bits >> 8) & 255u) + ((bits >> 16) & 255u) + (bits >> 24);
    return (vec3(sum) - 510.0) / 147.8;
}

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy), last = textureSize(scene, 0) - 1;
    vec3 around = texelFetch(scene, ivec2(max(at.x - 1, 0), at.y), 0).rgb + texelFetch(scene, ivec2(min(at.x + 1, last.x), at.y), 0).rgb
        + texelFetch(scene, ivec2(at.x, max(at.y - 1, 0)), 0).rgb + texelFetch(scene, ivec2(at.x, min(at.y + 1, last.y)), 0).rgb;
    vec3 light = texelFetch(scene, at, 0).rgb * (1.0 - 4.0 * neighbour) + around * neighbour;
    vec2 centered = gl_FragCoord.xy / size * 2.0 - 1.0;
    light *= gains * (1.0 - vignette * 0.5 * dot(centered, centered));
    uvec2 pixel = uvec2(gl_FragCoord.xy);
    vec3 deviation = sqrt(noise.x * noise.x * max(light, vec3(0.0)) + noise.y * noise.y);
    counts = vec4(light + deviation * normalNoise(pcg(uvec3(pixel.x | (pixel.y << 16), seed))), 1.0);
}
