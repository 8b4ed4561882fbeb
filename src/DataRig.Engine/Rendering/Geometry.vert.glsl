layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
uniform mat4 toClip;
uniform mat4 toCamera;
out vec3 facing;
out float depth;

void main() {
    facing = mat3(toCamera) * normal;
    depth = (toCamera * vec4(position, 1.0)).z;
    gl_Position = toClip * vec4(position, 1.0);
}
