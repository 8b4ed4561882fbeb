flat in vec4 channel;
uniform float share;
out vec4 hidden;

void main() {
    hidden = channel * share;
}
