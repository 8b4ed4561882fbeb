// From the sensor's counts to a picture: sharpening, tone curve, sRGB.
uniform sampler2D counts;
uniform float sharpening;
uniform float contrast;
out vec4 color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy), last = textureSize(counts, 0) - 1;
    vec3 light = texelFetch(counts, at, 0).rgb;
    if (sharpening > 0.0) {
        vec3 around = texelFetch(counts, ivec2(max(at.x - 1, 0), at.y), 0).rgb + texelFetch(counts, ivec2(min(at.x + 1, last.x), at.y), 0).rgb
            + texelFetch(counts, ivec2(at.x, max(at.y - 1, 0)), 0).rgb + texelFetch(counts, ivec2(at.x, min(at.y + 1, last.y)), 0).rgb;
        light += sharpening * (light - 0.25 * around);
    }
    // Reinhard's curve with a white point of 2.5 (2002), so that lamps do not clip at once.
    light = max(light, vec3(0.0));
    vec3 raw = light;
    light = light * (1.0 + light / 6.25) / (1.0 + 0.35 * light);
    light = min(light, vec3(1.0));
    vec3 plain = mix(12.92 * light, 1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, light));
    // The steeper curve of small cameras, which leaves dark places dark: see ToneCurve.cs.
    color = vec4(mix(plain, min(1.366 * raw / (raw + 0.366), vec3(1.0)), contrast), 1.0);
}
