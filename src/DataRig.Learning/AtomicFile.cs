namespace DataRig.Learning;

/// <summary>Files that are either the old ones or the new ones, whenever the power goes.</summary>
internal static class AtomicFile
{
    public static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
