layout(location = 0) in vec3 position;
uniform mat4 toClip;

void main() {
    gl_Position = toClip * vec4(position, 1.0);
}
