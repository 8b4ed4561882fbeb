in vec3 place;
in vec3 facing;
in vec3 irradiance;
in vec4 visible;
in float openness;
uniform vec3 eye;
uniform vec4 up;
uniform vec3 tableRadiance;
uniform vec3 albedo;
uniform float roughness;
uniform float specular;
out vec4 radiance;                        // premultiplied: alpha 1 where the part is

void main() {
    vec3 n = normalize(facing), v = normalize(eye - place);
    vec3 color = albedo * surface(place, n);
    // Light that bounces about in a hollow takes on the plastic's colour and comes out again.
    vec3 diffuse = color * irradiance / (1.0 - 0.95 * color * (1.0 - openness));
    vec3 shine = vec3(0.0);
    for (int i = 0; i < lightCount; i++) {
        vec3 way = lightPlace[i].xyz - place;
        float square = dot(way, way);
        float spread = lightPlace[i].w * inversesqrt(square) * 0.5;
        shine += lightRadiance[i].rgb * (lightRadiance[i].w / square) * visible[i]
            * specularTerm(n, v, way * inversesqrt(square), roughness, spread, specular);
    }
    // What is mirrored besides the lamps: the table below, the sky above, blurred by roughness.
    float rise = dot(reflect(-v, n), up.xyz);
    vec3 mirrored = mix(tableRadiance, ambient, smoothstep(-0.6 * roughness - 0.05, 0.6 * roughness + 0.05, rise));
    float fresnel = specular + (max(1.0 - roughness, specular) - specular) * exp2(-9.28 * max(dot(n, v), 0.0));
    radiance = vec4(diffuse * (1.0 - specular) + shine + mirrored * fresnel * openness, 1.0);
}
