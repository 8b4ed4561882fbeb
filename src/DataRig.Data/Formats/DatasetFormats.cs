using DataRig.Core;

namespace DataRig.Data.Formats;

/// <summary>The formats that there are, by their names.</summary>
public static class DatasetFormats
{
    /// <summary>Every format, in the order of their names.</summary>
    public static IReadOnlyList<IDatasetFormat> All { get; } =
    [
        .. typeof(IDatasetFormat).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IDatasetFormat)))
            .Select(t => (IDatasetFormat)Activator.CreateInstance(t, nonPublic: true)!)
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <exception cref="WorkFailedException">There is no such format.</exception>
    public static IDatasetFormat Named(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new WorkFailedException($"There is no format \"{name}\"; the formats are {string.Join(", ", All.Select(f => f.Name))}.");
}
