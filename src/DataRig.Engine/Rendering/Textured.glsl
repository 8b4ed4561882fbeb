// A body with a picture laid on from the side that it faces most, over and over.
uniform sampler2D picture;
uniform vec2 pictureSize;                 // in mm

vec3 surface(vec3 place, vec3 n) {
    vec3 most = abs(n);
    vec2 at = most.x > most.y && most.x > most.z ? vec2(place.y * sign(n.x), -place.z)
        : most.y > most.z ? vec2(place.x * -sign(n.y), -place.z)
        : vec2(place.x, -place.y);
    return texture(picture, at / pictureSize).rgb;
}
