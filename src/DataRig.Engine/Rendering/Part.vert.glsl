// All light in the part's own frame, where its transfer coefficients hold.
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 transferA;   // coefficients 0 to 3
layout(location = 3) in vec4 transferB;   // 4 to 7
layout(location = 4) in float transferC;  // 8
uniform mat4 toClip;
uniform vec4 up;                          // the table's normal; w: height of the part's origin over it
uniform vec3 tableRadiance;
out vec3 place;
out vec3 facing;
out vec3 irradiance;
out vec4 visible;                         // share of each light that reaches here past the part itself
out float openness;                       // ambient occlusion: 1 in the open

void main() {
    place = position;
    facing = normal;
    irradiance = vec3(0.0);
    visible = vec4(0.0);
    for (int i = 0; i < lightCount; i++) {
        vec3 way = lightPlace[i].xyz - position;
        float square = dot(way, way);
        vec3 d = way * inversesqrt(square);
        float shadowed = 3.14159265 * (dot(transferA, vec4(0.282095, 0.488603 * d))
            + dot(transferB, vec4(1.092548 * d.x * d.y, 1.092548 * d.y * d.z, 1.092548 * d.x * d.z, 0.315392 * (3.0 * d.z * d.z - 1.0)))
            + transferC * 0.546274 * (d.x * d.x - d.y * d.y));
        float c = dot(normal, d);
        float open = 0.25 + 0.5 * c + 0.15625 * (3.0 * c * c - 1.0);
        visible[i] = clamp(shadowed / max(open, 0.05), 0.0, 1.0);
        irradiance += lightRadiance[i].rgb * (lightRadiance[i].w / square) * max(shadowed, 0.0);
    }
    float around = 1.7724539 * transferA.x, above = 1.5349900 * dot(transferA.yzw, up.xyz);
    float height = dot(up.xyz, position) + up.w;
    irradiance += ambient * max(around + above, 0.0);
    irradiance += tableRadiance * max(around - above, 0.0) * mix(0.4, 1.0, smoothstep(0.0, 9.0, height));
    openness = clamp(3.5449077 * transferA.x, 0.0, 1.0);
    gl_Position = toClip * vec4(position, 1.0);
}
