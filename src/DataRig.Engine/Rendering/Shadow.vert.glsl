// Throws a point of an outline from a point of a light (or a direction of the sky) onto the table's plane.
layout(location = 0) in vec3 position;
uniform vec4 region;           // least x, least y, width, height in mm
uniform vec4 points[128];      // xyz; w: the light's channel, or -1 for a direction of the sky
uniform float pointCount;
flat out vec4 channel;

void main() {
    vec4 point = points[gl_InstanceID];
    vec3 at;                   // homogeneous, so that what is above the light is clipped away
    if (point.w < 0.0) {
        at = vec3(position.xy * point.z - point.xy * position.z, point.z);
        channel = vec4(1.0, 0.0, 0.0, 0.0);
    } else {
        at = vec3(position.xy * point.z - point.xy * position.z, point.z - position.z);
        channel = vec4(equal(vec4(0.0, 1.0, 2.0, 3.0), vec4(point.w)));
    }
    vec2 place = ((at.xy - region.xy * at.z) / region.zw) * 2.0 - at.z;
    float depth = 1.0 - 2.0 * (float(gl_InstanceID) + 1.0) / (pointCount + 1.0);
    gl_Position = vec4(place, depth * at.z, at.z);
}
