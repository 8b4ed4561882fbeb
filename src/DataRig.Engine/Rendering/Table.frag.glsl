// The table and the backdrop, met by the ray through each pixel, with the parts laid over them.
uniform sampler2D parts;
uniform sampler2D lightShadows;
uniform sampler2D skyShadow;
uniform vec2 size;                        // of the picture in pixels
uniform vec4 drawn;                       // where there are parts: left, top, right, bottom in pixels
uniform vec3 eye;
uniform vec3 forward;
uniform vec3 right;
uniform vec3 down;
uniform vec4 region;                      // what the shadow maps cover: least x, least y, width, height in mm
uniform vec4 table;                       // middle x and y, radius in mm, roughness
uniform vec3 tableColor;
uniform vec3 mottle;                      // strength; cosine and sine of how far the table has turned
uniform vec3 backdrop;
uniform vec3 clutter;                     // strength; place
out vec4 radiance;

float hash(vec2 cell) {
    uvec2 q = uvec2(ivec2(cell)) * uvec2(1597334677u, 3812015801u);
    uint n = (q.x ^ q.y) * 1597334677u;
    return float(n >> 8) * (1.0 / 16777216.0);
}

float valueNoise(vec2 p) {
    vec2 cell = floor(p), f = p - cell;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(cell), hash(cell + vec2(1.0, 0.0)), f.x), mix(hash(cell + vec2(0.0, 1.0)), hash(cell + vec2(1.0, 1.0)), f.x), f.y);
}

// Averaged over a texel's surroundings, so that the steps between a light's points do not show.
vec4 soft(sampler2D map, vec2 at) {
    vec2 step = 0.75 / vec2(textureSize(map, 0));
    return 0.25 * (texture(map, at + step * vec2(1.0, 0.35)) + texture(map, at + step * vec2(-0.35, 1.0))
        + texture(map, at + step * vec2(-1.0, -0.35)) + texture(map, at + step * vec2(0.35, -1.0)));
}

vec3 tableLight(vec3 p, vec3 v) {
    vec4 hidden = vec4(0.0);
    float hiddenSky = 0.0;
    vec2 at = (p.xy - region.xy) / region.zw;
    if (all(greaterThan(at, vec2(0.0))) && all(lessThan(at, vec2(1.0)))) {
        // Fades at the map's edge, where a long shadow may be cut off.
        vec2 margin = min(at, 1.0 - at) * 24.0;
        float inside = clamp(min(margin.x, margin.y), 0.0, 1.0);
        hidden = soft(lightShadows, at) * inside;
        hiddenSky = soft(skyShadow, at).r * inside;
    }
    vec3 color = tableColor;
    if (mottle.x > 0.0) {
        vec2 own = mat2(mottle.y, -mottle.z, mottle.z, mottle.y) * p.xy;
        color *= 1.0 + mottle.x * (valueNoise(own * 0.15 + 50.0) + valueNoise(own * 0.9 + 90.0) - 1.0);
    }
    vec3 diffuse = ambient * (1.0 - hiddenSky), shine = vec3(0.0);
    for (int i = 0; i < lightCount; i++) {
        vec3 way = lightPlace[i].xyz - p;
        float square = dot(way, way);
        vec3 l = way * inversesqrt(square);
        vec3 light = lightRadiance[i].rgb * (lightRadiance[i].w / square) * (1.0 - min(hidden[i], 1.0));
        diffuse += light * l.z;
        shine += light * specularTerm(vec3(0.0, 0.0, 1.0), v, l, table.w, 0.0, 0.04);
    }
    return color * diffuse + shine;
}

vec3 beyond(vec3 ray) {
    // Things on a floor below the table, out of focus.
    if (ray.z > -0.02) {
        return backdrop;
    }
    vec2 floorPlace = eye.xy - ray.xy * ((eye.z + 80.0) / ray.z);
    float things = valueNoise(floorPlace * 0.02 + clutter.yz) * valueNoise(floorPlace * 0.011 + clutter.zy + 31.0);
    return backdrop * (1.0 + clutter.x * (4.0 * things - 0.8));
}

void main() {
    vec2 at = (gl_FragCoord.xy / size) * 2.0 - 1.0;
    vec3 ray = normalize(forward + right * at.x + down * at.y);
    vec3 color = max(beyond(ray), vec3(0.0));
    if (ray.z < -1e-3) {
        vec3 p = eye - ray * (eye.z / ray.z);
        float off = length(p.xy - table.xy) - table.z;
        // The width of a pixel on the table, across the edge.
        float width = length(vec2(dFdx(off), dFdy(off)));
        float covered = clamp(0.5 - off / max(width, 1e-4), 0.0, 1.0);
        if (covered > 0.0) {
            color = mix(color, tableLight(p, -ray), covered);
        }
    }
    if (all(greaterThan(gl_FragCoord.xy, drawn.xy)) && all(lessThan(gl_FragCoord.xy, drawn.zw))) {
        vec4 part = texture(parts, gl_FragCoord.xy / size);
        color = color * (1.0 - part.a) + part.rgb;
    }
    radiance = vec4(color, 1.0);
}
