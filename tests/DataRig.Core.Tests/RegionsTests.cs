namespace DataRig.Core.Tests;

public sealed class RegionsTests
{
    [Fact]
    public void Growing_and_shrinking_reach_a_square_around_each_pixel()
    {
        bool[] dot = Set(".......", ".......", ".......", "...#...", ".......", ".......", ".......");

        bool[] grown = Regions.Grow(dot, 7, 7, 2);

        Assert.Equal(Set(".......", ".#####.", ".#####.", ".#####.", ".#####.", ".#####.", "......."), grown);
        Assert.Equal(dot, Regions.Shrink(grown, 7, 7, 2));
        Assert.DoesNotContain(true, Regions.Shrink(grown, 7, 7, 3));
    }

    [Fact]
    public void What_the_picture_cuts_off_is_not_eaten_from_its_edge()
    {
        bool[] half = Set("##..", "##..", "##..", "....");

        Assert.Equal(Set("#...", "#...", "....", "...."), Regions.Shrink(half, 4, 4, 1));
    }

    [Fact]
    public void An_outline_with_a_small_gap_is_filled_and_a_bay_is_not()
    {
        bool[] gap = Set("..........", ".########.", ".#......#.", ".#......#.", ".#........", ".#......#.", ".#......#.", ".########.", "..........", "..........");
        bool[] bay = Set("..........", ".########.", ".#........", ".#........", ".#........", ".#........", ".#........", ".#........", "..........", "..........");

        Assert.True(Regions.FillEnclosed(gap, 10, 10)[(4 * 10) + 4]);
        Assert.False(Regions.FillEnclosed(bay, 10, 10)[(4 * 10) + 5]);
    }

    [Fact]
    public void The_highest_value_within_reach_is_found()
    {
        Draws draws = new Seed(3).At(0);
        float[] values = [.. Enumerable.Range(0, 9 * 7).Select(i => (float)draws.Uniform($"v{i}"))];

        float[] highest = Regions.Highest(values, 9, 7, 2);

        for (int i = 0; i < values.Length; i++)
        {
            int x = i % 9, y = i / 9;
            Assert.Equal(Enumerable.Range(0, values.Length).Where(j => Math.Abs((j % 9) - x) <= 2 && Math.Abs((j / 9) - y) <= 2).Max(j => values[j]), highest[i]);
        }
    }

    [Fact]
    public void Patches_hang_together_by_corners_and_the_largest_is_kept()
    {
        bool[] set = Set("#....", ".#...", "..#..", ".....", "##...");

        Assert.Equal(Set("#....", ".#...", "..#..", ".....", "....."), Regions.Largest(set, 5, 5, 1));
        Assert.DoesNotContain(true, Regions.Largest(set, 5, 5, 4));
        Regions.Label(set, 5, 5, out int count);
        Assert.Equal(2, count);
    }

    [Fact]
    public void An_outline_that_the_edge_cuts_off_is_closed_there_and_not_the_long_way_round()
    {
        bool[] corner = Set("......", "###...", "..#...", "..#...", "..#..."), below = Set("..#.#.", "..###.", "......", "......", "......");

        Assert.Equal(Set("......", "###...", "#.#...", "#.#...", "###..."), Regions.CloseAlongEdge(corner, 6, 5, 0, 6));
        Assert.Equal(corner, Regions.CloseAlongEdge(corner, 6, 5, 0, 3));
        Assert.Equal(Set("..###.", "..###.", "......", "......", "......"), Regions.CloseAlongEdge(below, 6, 5, 0, 6));
        Assert.DoesNotContain(true, Regions.CloseAlongEdge(new bool[30], 6, 5, 0, 6));
    }

    [Fact]
    public void Faint_pixels_count_only_where_they_go_on_from_sure_ones()
    {
        Assert.Equal(Set("###..."), Regions.Connected(Set("#....."), Set("###.##"), 6, 1));
    }

    [Fact]
    public void An_edge_responds_on_both_sides_and_a_ramp_does_not()
    {
        float[] step = new float[12 * 5 * 3], ramp = new float[12 * 5 * 3];
        for (int i = 0; i < 12 * 5; i++)
        {
            step.AsSpan(i * 3, 3).Fill(i % 12 < 6 ? 0 : 1);
            ramp.AsSpan(i * 3, 3).Fill(i % 12 / 12f);
        }

        float[] edges = Edges.Response(step, 12, 5), soft = Edges.Response(ramp, 12, 5);

        Assert.True(edges[(2 * 12) + 5] > 0.5 && edges[(2 * 12) + 6] > 0.5);
        Assert.Equal(0, edges[(2 * 12) + 2]);
        Assert.All(Enumerable.Range(3, 6), x => Assert.True(soft[(2 * 12) + x] < 1e-5));
    }

    private static bool[] Set(params string[] rows) => [.. rows.SelectMany(r => r).Select(c => c == '#')];
}
