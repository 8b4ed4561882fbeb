using System.Runtime.InteropServices;
using DataRig.Benchmarks;

// What is measured and never asserted in a test: dotnet run -c Release --project tests/DataRig.Benchmarks -- NAME
Dictionary<string, (string What, Func<string[], Task<int>> Run)> benchmarks = new()
{
    ["export"] = ("exports to COCO against a plain copy of the files, and the memory they take; ends with 1 where it is not flat [frames..., 10000 50000 100000]", ExportSpeed.RunAsync),
    ["calibration"] = ("whether calibration and thresholds that some items chose hold on others; ends with 1 where the error does not fall in the mean or a promise is not kept: DATASET [KEY=VALUE of the training...] [--seeds 1-3] [--scores FOLDER, where what the models say is kept and read again]", CalibrationOnUnseen.RunAsync),
    ["fuzz"] = ("spoilt input for every parser: none throws, none hangs; ends with 1 where one does [inputs for each, 200000] [--only PARSER] [--from NUMBER]", Fuzz.RunAsync),
    ["gpio-jitter"] = ("how late the steps of the GPIO driver come, and that none comes early [seconds, 10] [--busy]", GpioJitter.RunAsync),
    ["label-errors"] = ("3% wrong labels planted, how many of them the audit names without a model, and how many stand in the first 5% of a trained model's ranking; ends with 1 below 80%: DATASET [epochs, 6; 0 for the audit alone] [seed, 1]", LabelErrorRanking.RunAsync),
    ["leaks"] = ("200 known pictures planted among held-out photographs, and how many of them the leak gate finds; then what it finds where none was planted; ends with 1 where one is missed or found wrongly: DATASET [seed, 1] [picture of the pairs] [--same ITEM=ITEM... of items that are one object]", PlantedLeaks.RunAsync),
    ["many-rows"] = ("label files of ten million rows, how long until they are refused and in how much memory [rows, 10000000]", ManyRows.RunAsync),
    ["mesh-loading"] = ("how long a mesh of many triangles takes until it is drawn, and how fast it is drawn then [triangles, 200000]", MeshLoading.RunAsync),
    ["near-duplicates"] = ("how far apart pictures are that look alike and that do not, and how fast 100,000 are compared [dataset]", NearDuplicates.RunAsync),
    ["same-by-any-format"] = ("pictures as class folders, COCO and a Ground Truth manifest: ends with 1 unless the datasets have one hash FOLDER [formats..., folders coco groundtruth]", SameByAnyFormat.RunAsync),
    ["session-memory"] = ("the memory of a long session, every 1000 frames; ends with 1 where it is not flat [frames, 20000]", SessionMemory.RunAsync),
    ["session-overhead"] = ("a session's time against what its moves, settling and exposures demand; ends with 1 above 1.05 [items, 1]", SessionOverhead.RunAsync),
    ["sklearn"] = ("the figures that the tests compare with, counted again by scikit-learn (Debian's python3-sklearn); ends with 1 where one differs", SklearnFigures.RunAsync),
    ["synthesis-memory"] = ("the memory of a long synthesis, and 50 of its frames rendered again alone; ends with 1 where it is not flat or one differs [frames, 100000]", SynthesisMemory.RunAsync),
    ["tui-latency"] = ("the terminal UI: from a key to its effect, idle and while a training runs; idle processor time; memory over the frames of an hour; ends with 1 above 100 ms, 3%, or where it is not flat [keys, 300]", TuiLatency.RunAsync),
    ["training-speed"] = ("training from JPEG files beside one batch again and again and beside PyTorch (Debian's python3-torch and python3-torchvision), and the memory over 50 epochs: DATASET [pixels, 96]", TrainingSpeed.RunAsync),
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out (string What, Func<string[], Task<int>> Run) chosen))
{
    Console.Error.WriteLine("Name one benchmark:");
    foreach ((string name, (string what, _)) in benchmarks)
    {
        Console.Error.WriteLine($"  {name}  {what}");
    }

    return 2;
}

Console.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
return await chosen.Run(args[1..]);
