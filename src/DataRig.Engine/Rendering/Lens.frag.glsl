// What an open lens and a table that turns during the exposure make of a sharp picture: each pixel gathers what falls onto it.
uniform sampler2D sharp;
uniform sampler2D parts;                  // alpha says where there is a part
uniform vec2 size;                        // of the picture in pixels
uniform vec3 eye;
uniform vec3 forward;
uniform vec3 right;
uniform vec3 down;
uniform mat4 toClip;
uniform vec3 table;                       // middle x and y, radius in mm
uniform float height;                     // of the parts' middles over the table in mm: what a pixel of a part is taken to show
uniform vec3 lens;                        // pixels of blur for a difference of 1/mm; 1/mm of the plane in focus; most pixels of blur
uniform float turn;                       // how far the table turns during the exposure, in radians
out vec4 radiance;

const int taps = 24;

// The point that a pixel shows: the table, or the level of the parts' middles where there is a part.
vec3 shown(vec2 pixel) {
    vec2 at = pixel / size;
    vec3 ray = forward + right * (at.x * 2.0 - 1.0) + down * (at.y * 2.0 - 1.0);
    float level = height * step(0.5, texture(parts, at).a);
    return eye + ray * ((eye.z - level) / max(-ray.z, 1e-3));
}

// Radius in pixels of the disk that a point becomes (a thin lens).
float disk(vec3 p) {
    return min(0.5 * abs(lens.x * (1.0 / max(dot(p - eye, forward), 1.0) - lens.y)), lens.z);
}

vec2 fallsOn(vec3 p, float angle) {
    vec2 turned = mat2(cos(angle), sin(angle), -sin(angle), cos(angle)) * p.xy;
    vec4 clip = toClip * vec4(turned, p.z, 1.0);
    return (clip.xy / clip.w * 0.5 + 0.5) * size;
}

void main() {
    vec3 p = shown(gl_FragCoord.xy);
    bool turns = length(p.xy - table.xy) < table.z;
    vec2 path = turns && turn != 0.0 ? fallsOn(p, 0.5 * turn) - fallsOn(p, -0.5 * turn) : vec2(0.0);
    float own = disk(p);
    vec3 sum = vec3(0.0);
    float weights = 0.0;
    for (int i = 0; i < taps; i++) {
        // Evenly over the disk along a golden spiral (Vogel, 1979), and evenly over the time in another order.
        float k = (float(i) + 0.5) / float(taps), angle = 2.3999632 * float(i);
        float time = fract(float(i) * 0.61803399 + 0.5) - 0.5;
        vec2 offset = own * sqrt(k) * vec2(cos(angle), sin(angle)) + path * time;
        vec2 from = clamp(gl_FragCoord.xy + offset, vec2(0.5), size - 0.5);
        // What is sharper than it is far from here does not reach here.
        float reach = disk(shown(from)) + 0.5 * length(path) + 1.0;
        float weight = clamp(reach - length(offset) + 1.0, 0.02, 1.0);
        sum += texture(sharp, from / size).rgb * weight;
        weights += weight;
    }
    radiance = vec4(sum / weights, 1.0);
}
