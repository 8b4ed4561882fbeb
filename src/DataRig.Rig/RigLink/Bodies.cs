using System.Buffers.Binary;

namespace DataRig.Rig.RigLink;

/// <summary>The bodies of requests, to the byte.</summary>
internal static class Bodies
{
    public static byte[] None { get; } = [];

    public static byte[] Hello(uint nonce)
    {
        byte[] body = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(body, nonce);
        return body;
    }

    /// <param name="speed">Thousandths of a microstep per second.</param>
    /// <param name="acceleration">Microsteps per second squared.</param>
    public static byte[] Move(Axis axis, int target, uint speed, uint acceleration)
    {
        byte[] body = new byte[13];
        body[0] = (byte)axis;
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(1), target);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(5), speed);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(9), acceleration);
        return body;
    }

    /// <param name="travel">Forward by its sign, the farthest way by its size, in microsteps.</param>
    /// <param name="backoff">Microsteps, larger than the backlash.</param>
    public static byte[] Home(Axis axis, bool switchOpens, int travel, uint backoff, uint speed, uint acceleration)
    {
        byte[] body = new byte[18];
        body[0] = (byte)axis;
        body[1] = (byte)(switchOpens ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(2), travel);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(6), backoff);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(10), speed);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(14), acceleration);
        return body;
    }

    public static byte[] SetPosition(Axis axis, int position)
    {
        byte[] body = new byte[5];
        body[0] = (byte)axis;
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(1), position);
        return body;
    }

    public static byte[] Hold(bool hold) => [(byte)(hold ? 1 : 0)];

    /// <param name="level">255 is full.</param>
    public static byte[] Light(int channel, byte level, ushort fadeMs)
    {
        byte[] body = [(byte)channel, level, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), fadeMs);
        return body;
    }

    public static byte[] Trigger(ushort settleMs, ushort widthMs)
    {
        byte[] body = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(body, settleMs);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), widthMs);
        return body;
    }
}
