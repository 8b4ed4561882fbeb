"""Reads a run's files, and writes one, from the published formats alone.

events FILE   TensorBoard's events: records as tensorflow/core/lib/io/record_writer.h has them, events as event.proto and
              summary.proto have them, decoded by Google's protobuf
read FILE     a safetensors file (its README: a length, a JSON header, the values), by numpy
write FILE    another one
"""
import json
import struct
import sys


def checksum(data):
    """CRC-32C (Castagnoli, reflected polynomial 82F63B78), masked as the records have it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def event_type():
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="events.proto", package="t", syntax="proto3")

    def message(parent, name, fields):
        made = parent.add(name=name)
        for number, label, kind, title, type_name in fields:
            made.field.add(number=number, label=label, type=kind, name=title, type_name=type_name)
        return made

    one, many = field.LABEL_OPTIONAL, field.LABEL_REPEATED
    summary = message(file.message_type, "Summary", [(1, many, field.TYPE_MESSAGE, "value", ".t.Summary.Value")])
    message(summary.nested_type, "Value", [(1, one, field.TYPE_STRING, "tag", None), (2, one, field.TYPE_FLOAT, "simple_value", None)])
    message(file.message_type, "Event", [
        (1, one, field.TYPE_DOUBLE, "wall_time", None), (2, one, field.TYPE_INT64, "step", None),
        (3, one, field.TYPE_STRING, "file_version", None), (5, one, field.TYPE_MESSAGE, "summary", ".t.Summary")])
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("t.Event"))


def events(path):
    Event = event_type()
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        length, = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8)[0] == checksum(data[at:at + 8]), "the length's checksum"
        payload = data[at + 12:at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == checksum(payload), "the event's checksum"
        event = Event.FromString(payload)
        assert event.wall_time > 1.7e9
        values = " ".join(sorted("%s=%.6g" % (v.tag, v.simple_value) for v in event.summary.value))
        print(event.step, event.file_version or values)
        at += 16 + length


TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?"}


def read(path):
    import numpy
    data = open(path, "rb").read()
    length, = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    values = data[8 + length:]
    taken = 0
    for name in sorted(header):
        if name == "__metadata__":
            print(name, json.dumps(header[name]))
            continue
        entry = header[name]
        begin, end = entry["data_offsets"]
        taken += end - begin
        array = numpy.frombuffer(values[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        numbers = " ".join("%g" % n for n in array.flatten())
        print(("%s %s %s %s" % (name, array.dtype, entry["shape"], numbers)).rstrip())
    assert taken == len(values), "no holes and nothing behind"


def write(path):
    import numpy
    weight = (numpy.arange(6, dtype="<f4") * 1.5).reshape(2, 3)
    bias = numpy.array([-1, 1 << 40], "<i8")
    header = {"__metadata__": {"by": "numpy"},
              "bias": {"dtype": "I64", "shape": [2], "data_offsets": [0, 16]},
              "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [16, 40]}}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + bias.tobytes() + weight.tobytes())


{"events": events, "read": read, "write": write}[sys.argv[1]](sys.argv[2])
