// Whole numbers can be drawn to and read back everywhere; float targets only where the driver has an extension.
in vec3 facing;
in float depth;
out uvec4 surface;

void main() {
    surface = floatBitsToUint(vec4(normalize(facing), depth));
}
