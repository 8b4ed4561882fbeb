// Throws a point of a shiny flat side from the mirror image of a point of a light onto the table's plane: what that side sends
// down before it. Of a lamp high up a side mirrors much, onto a narrow strip at its foot.
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec2 mirror;    // light mirrored straight on; the share of the side that is there
uniform vec4 region;           // least x, least y, width, height in mm
uniform vec4 points[128];      // xyz; w: the light's channel
flat out vec4 channel;

void main() {
    vec4 point = points[gl_InstanceID];
    vec3 way = point.xyz - position;
    float before = dot(normal, way);
    vec3 image = point.xyz - 2.0 * before * normal;
    vec3 at = vec3(position.xy * image.z - image.xy * position.z, image.z - position.z);
    // Schlick's Fresnel (1994); a side that the point is behind mirrors none of it.
    float away = clamp(1.0 - before * inversesqrt(dot(way, way)), 0.0, 1.0);
    float fresnel = before > 0.0 ? mirror.x + (1.0 - mirror.x) * away * away * away * away * away : 0.0;
    channel = fresnel * mirror.y * vec4(equal(vec4(0.0, 1.0, 2.0, 3.0), vec4(point.w)));
    gl_Position = vec4(((at.xy - region.xy * at.z) / region.zw) * 2.0 - at.z, 0.0, at.z);
}
