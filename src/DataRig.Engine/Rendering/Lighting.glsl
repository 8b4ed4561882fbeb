// Light shared by parts and table. Radiance is in units of white: a white surface that faces a light of
// intensity 1 at the table's middle has radiance 1, so that irradiances here are those of physics over pi.
const int MaxLights = 4;
uniform int lightCount;
uniform vec4 lightPlace[MaxLights];      // xyz in mm, w: radius in mm
uniform vec4 lightRadiance[MaxLights];   // rgb; w: square of the distance that it is given at
uniform vec3 ambient;

// Trowbridge-Reitz (GGX) with Smith's visibility after Hammon (2017) and Schlick's Fresnel (1994).
float specularTerm(vec3 n, vec3 v, vec3 l, float roughness, float spread, float f0) {
    vec3 h = normalize(v + l);
    float nl = max(dot(n, l), 0.0), nv = max(dot(n, v), 1e-3), nh = max(dot(n, h), 0.0), vh = max(dot(v, h), 0.0);
    float alpha = roughness * roughness;
    // A lamp of some size widens the highlight and spreads its light over it (Karis, 2013).
    float wide = min(alpha + spread, 1.0);
    float d = nh * nh * (wide * wide - 1.0) + 1.0;
    float distribution = alpha * alpha / (d * d);
    float visibility = 0.5 / max(mix(2.0 * nl * nv, nl + nv, wide), 1e-3);
    float fresnel = f0 + (1.0 - f0) * exp2(-9.28 * vh);
    return distribution * visibility * fresnel * nl;
}
