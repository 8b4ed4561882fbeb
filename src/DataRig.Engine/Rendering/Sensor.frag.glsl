// From light to the sensor's counts: lens blur, vignette, exposure and gains, shot and read noise.
uniform sampler2D scene;
uniform vec2 size;
uniform float blur;                       // standard deviation in pixels
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
    vec2 at = gl_FragCoord.xy / size;
    vec3 light = texture(scene, at).rgb;
    if (blur > 0.0) {
        // Four taps between pixels weigh the nine around like a Gaussian of this width does.
        float w = exp(-0.5 / (blur * blur));
        float side = 2.0 * w / (1.0 + 2.0 * w);
        vec2 off = vec2(side) / size;
        vec3 around = texture(scene, at + off * vec2(0.5, 0.5)).rgb + texture(scene, at + off * vec2(-0.5, 0.5)).rgb
            + texture(scene, at + off * vec2(0.5, -0.5)).rgb + texture(scene, at + off * vec2(-0.5, -0.5)).rgb;
        light = 0.25 * around;
    }
    vec2 centered = (at - 0.5) * 2.0;
    light *= gains * (1.0 - vignette * 0.5 * dot(centered, centered));
    uvec2 pixel = uvec2(gl_FragCoord.xy);
    vec3 deviation = sqrt(noise.x * noise.x * max(light, vec3(0.0)) + noise.y * noise.y);
    counts = vec4(light + deviation * normalNoise(pcg(uvec3(pixel.x | (pixel.y << 16), seed))), 1.0);
}
