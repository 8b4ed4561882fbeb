namespace DataRig.Learning.Tests;

/// <summary>Tests that train: libtorch has one random generator and one pool of threads, so that they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "libtorch";
}
