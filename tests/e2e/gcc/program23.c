// SPDX-License-Identifier: GPL-3.0-or-later
// What a compiler for C23 must do; test_gcc15.py knows what it prints.
#include <stdckdint.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

static_assert(__STDC_VERSION__ == 202311L);
#ifndef no_such_macro
#elifdef no_such_either
#error elifdef
#endif

enum wide : uint64_t { high = 1ULL << 63 };
constexpr int numbers[] = {1, 2, 3, 0b1000'0001};
[[nodiscard]] static int twice(int n) { return 2 * n; }
[[maybe_unused]] static int never(int) { __builtin_unreachable(); }

static thread_local int mine = 1;
static _Atomic long total;

static int count(void *by)
{
    for (int i = 0; i < 10'000; i++)
        total += *(int *) by;
    return ++mine;
}

int main()
{
    // constants, types
    auto sum = 0L;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sum += numbers[i];
    typeof(sum) copy = twice(sum);
    char *none = nullptr;
    printf("%ld %ld %d %d\n", sum, copy, none == nullptr, high > INT64_MAX);

    // whole numbers of other sizes
    unsigned _BitInt(200) big = 1;
    for (int i = 0; i < 150; i++)
        big = big * 2 + (i % 3 == 0);
    printf("%llx %llx\n", (unsigned long long) (big >> 100), (unsigned long long) big);
    __int128 square = (__int128) INT64_MAX * INT64_MAX;
    printf("%llx\n", (unsigned long long) (square >> 64));
    int sum32;
    bool over = ckd_add(&sum32, INT32_MAX, 1);
    printf("%d %d\n", over, sum32 == INT32_MIN);
    printf("%d %d\n", __builtin_clzg(1u), __builtin_popcountg(big));

    // decimal floating point
    _Decimal64 tenth = 0.1DD, dime = 0;
    for (int i = 0; i < 10; i++)
        dime += tenth;
    printf("%d %d\n", dime == 1.DD, 0.1 + 0.2 == 0.3);
    printf("%.20Lf\n", 1.0L / 3);

    // a file in the program, empty initialisers, attributes
    static const unsigned char embedded[] = {
#embed __FILE__ limit(7) suffix(, 0)
    };
    struct { int a[3]; char *b; } empty = {};
    printf("%s %d %d\n", (const char *) embedded, empty.a[2], empty.b == nullptr);

    // threads, each with its own variable
    thrd_t threads[4];
    int by = 2, result = 0, all = 0;
    for (int i = 0; i < 4; i++)
        if (thrd_create(threads + i, count, &by) != thrd_success)
            return 1;
    for (int i = 0; i < 4; i++) {
        thrd_join(threads[i], &result);
        all += result;
    }
    printf("%ld %d %d\n", total, all, mine);
}
