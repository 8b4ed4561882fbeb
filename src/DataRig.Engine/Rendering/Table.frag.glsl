// The table and the backdrop, met by the ray through each pixel, with the parts laid over them.
uniform sampler2D parts;
uniform sampler2D lightReach;              // how much of each light comes, as a half
uniform sampler2D skyShadow;
uniform sampler2D grain;                  // values between 0 and 1 without a pattern, repeating
uniform vec2 size;                        // of the picture in pixels
uniform vec4 drawn;                       // where there are parts: left, top, right, bottom in pixels
uniform vec3 eye;
uniform vec3 forward;
uniform vec3 right;
uniform vec3 down;
uniform vec4 region;                      // what the shadow maps cover: least x, least y, width, height in mm
uniform vec3 table;                       // middle x and y, radius in mm
uniform vec3 tableColor;
uniform vec3 mottle;                      // strength; cosine and sine of how far the table has turned
uniform vec3 bounce;                      // radiance of the sides of the parts
uniform vec3 backdrop;
uniform vec3 clutter;                     // strength; place
out vec4 radiance;

// A matte surface. llvmpipe runs both sides of every branch, so there are few.
vec3 tableLight(vec3 p) {
    vec2 at = (p.xy - region.xy) / region.zw;
    // Fades at the map's edge, where a long shadow may be cut off; beyond it nothing is hidden.
    vec2 margin = min(at, 1.0 - at) * 24.0;
    float inside = clamp(min(margin.x, margin.y), 0.0, 1.0);
    vec4 shown = 1.0 + (2.0 * texture(lightReach, at) - 1.0) * inside;
    float hiddenSky = texture(skyShadow, at).r * inside;
    vec2 own = mat2(mottle.y, -mottle.z, mottle.z, mottle.y) * p.xy;
    float blotch = 1.0 + mottle.x * (texture(grain, own * 0.0025).r + texture(grain, own * 0.014).r - 1.0);
    // Where the part hides the sky, the part itself is seen, lit from around.
    vec3 light = mix(ambient, bounce, hiddenSky);
    for (int i = 0; i < lightCount; i++) {
        vec3 way = lightPlace[i].xyz - p;
        float square = dot(way, way);
        light += lightRadiance[i].rgb * (lightRadiance[i].w / square * way.z * inversesqrt(square) * shown[i]);
    }
    return tableColor * blotch * light;
}

vec3 beyond(vec3 ray) {
    // Things on a floor below the table, out of focus.
    vec2 floorPlace = eye.xy - ray.xy * ((eye.z + 80.0) / min(ray.z, -0.02));
    float things = texture(grain, floorPlace * 0.0003 + clutter.yz).r * texture(grain, floorPlace * 0.00017 + clutter.zy).r;
    // Towards the horizon they are too many a pixel and run together.
    float apart = clamp(-3.0 * ray.z - 0.3, 0.0, 1.0);
    return max(backdrop * (1.0 + clutter.x * apart * (4.0 * things - 0.8)), vec3(0.0));
}

void main() {
    vec2 at = (gl_FragCoord.xy / size) * 2.0 - 1.0;
    vec3 ray = normalize(forward + right * at.x + down * at.y);
    float falls = min(ray.z, -1e-3);
    vec3 p = eye - ray * (eye.z / falls);
    float off = length(p.xy - table.xy) - table.z;
    // The width of a pixel on the table, across the edge.
    float width = length(vec2(dFdx(off), dFdy(off)));
    float covered = clamp(0.5 - off / max(width, 1e-4), 0.0, 1.0);
    vec3 color = mix(beyond(ray), tableLight(p), covered);
    if (all(greaterThan(gl_FragCoord.xy, drawn.xy)) && all(lessThan(gl_FragCoord.xy, drawn.zw))) {
        vec4 part = texture(parts, gl_FragCoord.xy / size);
        color = color * (1.0 - part.a) + part.rgb;
    }
    radiance = vec4(color, 1.0);
}
