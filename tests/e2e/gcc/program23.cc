// SPDX-License-Identifier: GPL-3.0-or-later
// What a compiler for C++23 and its library must do; test_gcc15.py knows what it prints.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <charconv>
#include <chrono>
#include <coroutine>
#include <exception>
#include <expected>
#include <filesystem>
#include <flat_map>
#include <format>
#include <fstream>
#include <future>
#include <generator>
#include <latch>
#include <map>
#include <memory>
#include <numeric>
#include <print>
#include <ranges>
#include <regex>
#include <semaphore>
#include <shared_mutex>
#include <source_location>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

static_assert(__cplusplus == 202302L);
namespace fs = std::filesystem;
namespace views = std::views;
using namespace std::literals;

struct gone {
    ~gone() { std::println("gone"); }
};

static int deep(int n)
{
    gone g;
    if (n == 0)
        throw std::system_error(std::make_error_code(std::errc::no_space_on_device), "thrown");
    return deep(n - 1) + 1;
}

static std::generator<int> fibonacci()
{
    for (int a = 0, b = 1;; a = std::exchange(b, a + b))
        co_yield a;
}

static std::expected<int, std::string> number(std::string_view text)
{
    int n = 0;
    auto [end, error] = std::from_chars(text.begin(), text.end(), n);
    if (error != std::errc() || end != text.end())
        return std::unexpected(std::format("no number: {:?}", text));
    return n;
}

struct matrix {
    std::vector<int> cells = std::vector<int>(6);
    auto &operator[](this auto &self, int row, int column) { return self.cells[row * 3 + column]; }
};

template <typename T> concept small = sizeof(T) <= 2;
template <small T> constexpr const char *size(T) { return "small"; }
template <typename T> constexpr const char *size(T) { return "large"; }
consteval int square(int n) { return n * n; }

int main()
{
    // exceptions, also out of threads and into others
    try { deep(2); } catch (const std::system_error &e) { std::println("{}", e.what()); }
    auto failed = std::async(std::launch::async, []() -> int { throw std::out_of_range("far"); });
    try { failed.get(); } catch (const std::logic_error &e) { std::println("{}", e.what()); }
    std::exception_ptr kept;
    std::jthread([&kept] { try { (void) std::vector<int>().at(1); } catch (...) { kept = std::current_exception(); } }).join();
    try { std::rethrow_exception(kept); } catch (const std::exception &e) { std::println("{}", e.what()); }

    // text
    std::println("{:>8.3f}|{:#x}|{:^7}|{:%F %T}", 3.14159, 255, "mid", std::chrono::sys_seconds(1'000'000'000s));
    std::println("{} {::02} {}", std::vector{1, 2, 3}, std::vector{4, 5}, std::map<std::string, int>{{"a", 1}});
    std::println("{:*^9}|{:.2e}|{:b}", "Größe", 123456.789, 10);
    std::println("{} {}", number("42").value_or(0), number("4x").error());
    std::println("{}", std::regex_replace("a1b22c"s, std::regex("[0-9]+"), "<$&>"));

    // ranges, coroutines, containers
    for (auto [i, n] : fibonacci() | views::filter([](int n) { return n % 2; }) | views::take(4) | views::enumerate)
        std::print("{}:{} ", i, n);
    auto pairs = views::zip(views::iota(1), "abc"sv) | std::ranges::to<std::vector>();
    std::println("{} {}", pairs, std::ranges::fold_left(views::iota(1, 6), 1, std::multiplies()));
    std::flat_map<std::string, int> ages{{"bob", 7}, {"ann", 41}};
    std::println("{} {}", ages, std::vector{1, 2, 3, 4, 5} | views::chunk(2));
    matrix m;
    m[1, 2] = 5;
    std::println("{} {} {} {}", m[1, 2], size('c'), size(1.0), square(7));
    std::variant<int, std::string> either = "text";
    std::println("{}", std::visit([](auto &&v) { return std::format("{}", v); }, either));

    // threads: locks, barriers, waiting, asking to stop
    std::shared_mutex mutex;
    std::barrier together(4);
    std::counting_semaphore<2> two(2);
    std::atomic<int> ready = 0;
    long sum = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; i++)
            threads.emplace_back([&] {
                for (int j = 0; j < 10'000; j++) {
                    std::unique_lock lock(mutex);
                    sum++;
                }
                together.arrive_and_wait();
                two.acquire();
                ready++;
                ready.notify_all();
                two.release();
            });
        for (int seen; (seen = ready) < 4;)
            ready.wait(seen);
    }
    std::latch stopped(1);
    std::jthread waiting([&](std::stop_token stop) { while (!stop.stop_requested()) std::this_thread::yield(); stopped.count_down(); });
    waiting.request_stop();
    stopped.wait();
    std::atomic<std::shared_ptr<int>> shared(std::make_shared<int>(3));
    std::println("{} {}", sum, *shared.load());

    // files
    fs::path folder = "folder23";
    fs::remove_all(folder);
    fs::create_directories(folder / "a/b");
    std::ofstream(folder / "a/b/file") << "content";
    fs::copy(folder / "a", folder / "c", fs::copy_options::recursive);
    std::vector<std::string> found;
    for (auto &entry : fs::recursive_directory_iterator(folder))
        found.push_back(entry.path().lexically_relative(folder).string());
    std::ranges::sort(found);
    std::print("{} {} ", found, fs::file_size(folder / "c/b/file"));
    std::println("{}", fs::remove_all(folder));

    // dates
    using namespace std::chrono;
    constexpr auto day = 2024y / February / last;
    std::println("{:%A} {} {}", sys_days(day), day.year().is_leap(), floor<days>(sys_days(2025y / 3 / 1) - sys_days(day)));
    std::println("{} {}", std::source_location::current().function_name(), std::format("{:a}", 0.5L));
}
