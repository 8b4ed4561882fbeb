using System.Globalization;
using System.Text;
using DataRig.Core;

namespace DataRig.Learning;

/// <summary><c>metrics.csv</c>: a line an epoch, numbers exact to the bit.</summary>
internal static class MetricsFile
{
    private const string Header = "epoch,trainLoss,trainAccuracy,validationLoss,validationAccuracy,validationMacroF1,learningRate,seconds,imagesPerSecond";

    public static void Write(string file, IEnumerable<EpochRecord> history)
    {
        StringBuilder text = new(Header + "\n");
        foreach (EpochRecord e in history)
        {
            object?[] fields = [e.Epoch, e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy, e.ValidationMacroF1, e.LearningRate, e.Seconds, e.ImagesPerSecond];
            text.AppendJoin(',', fields.Select(f => Convert.ToString(f, CultureInfo.InvariantCulture))).Append('\n');
        }

        try
        {
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{file} cannot be written: {e.Message}", e);
        }
    }

    public static IReadOnlyList<EpochRecord> Read(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        string[] lines = File.ReadAllLines(file);
        if (lines.Length == 0 || lines[0] != Header)
        {
            throw new WorkFailedException($"{file}:1: expected the line \"{Header}\".");
        }

        return [.. lines.Skip(1).Select((line, i) => Parse(file, i + 2, line.Split(',')))];
    }

    private static EpochRecord Parse(string file, int line, string[] fields)
    {
        try
        {
            double Number(int i) => double.Parse(fields[i], CultureInfo.InvariantCulture);
            double? Maybe(int i) => fields[i].Length == 0 ? null : Number(i);
            return new EpochRecord(int.Parse(fields[0], CultureInfo.InvariantCulture), Number(1), Number(2), Maybe(3), Maybe(4), Maybe(5), Number(6), Number(7), Number(8));
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new WorkFailedException($"{file}:{line}: expected nine numbers, found \"{string.Join(',', fields)}\".", e);
        }
    }
}
