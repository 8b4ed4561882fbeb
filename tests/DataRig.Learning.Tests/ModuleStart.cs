using System.Runtime.CompilerServices;

namespace DataRig.Learning.Tests;

internal static class ModuleStart
{
    [ModuleInitializer]
    internal static void LoadTorch() => TorchRuntime.Initialize();
}
