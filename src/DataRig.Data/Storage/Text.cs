namespace DataRig.Data.Storage;

/// <summary>Enumerations as the catalog spells them: their names in lower case.</summary>
internal static class Text
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T To<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);
}
