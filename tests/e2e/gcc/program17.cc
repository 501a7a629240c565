// SPDX-License-Identifier: GPL-3.0-or-later
// What a compiler for C++17 and its library must do; test_gcc_10_2.py knows what it prints.
#include <algorithm>
#include <any>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

static_assert(__cplusplus == 201703L);
namespace fs = std::filesystem;
using namespace std::literals;

template <class... T> struct all_of : T... { using T::operator()...; };
template <class... T> all_of(T...) -> all_of<T...>;
template <class... T> constexpr auto sum(T... t) { return (t + ...); }
static_assert(sum(1, 2, 3) == 6);

struct gone {
    ~gone() { std::cout << "gone\n"; }
};

static int deep(int n)
{
    gone g;
    if (n == 0)
        throw std::system_error(std::make_error_code(std::errc::no_space_on_device), "thrown");
    return deep(n - 1) + 1;
}

int main()
{
    // exceptions, also out of threads
    try { deep(2); } catch (const std::system_error &e) { std::cout << e.what() << '\n'; }
    auto failed = std::async(std::launch::async, []() -> int { throw std::out_of_range("far"); });
    try { failed.get(); } catch (const std::logic_error &e) { std::cout << e.what() << '\n'; }
    try { std::any_cast<int>(std::any("text"s)); } catch (const std::bad_any_cast &) { std::cout << "bad any cast\n"; }

    // threads
    std::mutex mutex;
    std::condition_variable ready;
    std::atomic<long> count{0};
    bool go = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            std::unique_lock lock(mutex);
            ready.wait(lock, [&] { return go; });
            lock.unlock();
            for (int k = 0; k < 10000; k++)
                count++;
        });
    { std::lock_guard lock(mutex); go = true; }
    ready.notify_all();
    for (auto &thread : threads)
        thread.join();
    std::once_flag once;
    std::call_once(once, [] { std::cout << "once\n"; });
    std::cout << count << '\n';

    // library
    std::regex words(R"((\w+)@(\w+)\.org)");
    std::smatch match;
    std::string text = "write to someone@somewhere.org or nobody@nowhere.org";
    for (auto it = std::sregex_iterator(text.begin(), text.end(), words); it != std::sregex_iterator(); ++it)
        std::cout << (*it)[1] << " at " << (*it)[2] << '\n';
    std::cout << std::regex_replace("a1b22"s, std::regex("[0-9]+"), "#") << '\n';
    std::variant<int, double, std::string> v = "text"s;
    std::visit(all_of{[](int) { std::cout << "int\n"; }, [](auto x) { std::cout << x << '\n'; }}, v);
    std::map<std::string, std::vector<int>> m{{"b", {3, 1, 2}}, {"a", {}}};
    for (auto &[name, values] : m) {
        std::sort(values.begin(), values.end());
        std::cout << name << std::accumulate(values.begin(), values.end(), 0) << ' ';
    }
    std::optional<std::string_view> maybe = "x"sv;
    if (auto [it, fresh] = m.try_emplace("c"); fresh)
        std::cout << it->first << maybe.value_or("none") << '\n';
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, 123456789012345, 36).ptr;
    long back = 0;
    std::from_chars(digits, end, back, 36);
    std::cout << std::string(digits, end) << ' ' << back << '\n';
    std::mt19937_64 random(5489);
    random.discard(9999);
    std::cout << random() << '\n';
    fs::create_directories("some/folder");
    std::ofstream("some/folder/file") << "content " << 1.5 << std::hex << 255;
    std::ifstream in("some/folder/file");
    std::string line;
    std::getline(in, line);
    std::cout << line << ' ' << fs::file_size("some/folder/file") << ' ' << fs::remove_all("some") << '\n';
    std::wcout << L"wide" << std::endl;
    auto shared = std::make_shared<int>(7);
    std::weak_ptr<int> weak = shared;
    shared.reset();
    std::cout << weak.expired() << ' ' << std::chrono::duration_cast<std::chrono::minutes>(2h).count() << std::endl;
    return 0;
}
