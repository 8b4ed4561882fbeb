uniform uint id;
out uint entity;

void main() {
    entity = id;
}
