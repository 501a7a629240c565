// SPDX-License-Identifier: GPL-3.0-or-later
// What a compiler for C++98 and its library must do; test_gcc_3_4_6.py knows what it prints.
#include <algorithm>
#include <complex>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>
struct base { virtual ~base() {} virtual void f() = 0; };
struct derived : base { void f() { throw std::runtime_error("thrown"); } };
struct other : base { void f() {} };
template <class T> T sum(const std::vector<T> &v) { return v.empty() ? T() : v[0] + v[1]; }
static struct early { early() { std::cout << "before main\n"; } } early_one;
int main() {
    std::map<std::string, std::vector<int> > m;
    m["a"].push_back(3);
    m["a"].push_back(1);
    std::sort(m["a"].begin(), m["a"].end());
    std::ostringstream o;
    o << m["a"][0] << ' ' << 1.5 << ' ' << std::hex << std::setw(6) << std::setfill('0') << 255;
    std::cout << o.str() << std::endl;
    std::auto_ptr<base> p(new derived);
    try { p->f(); } catch (const std::exception &e) { std::cout << e.what() << '\n'; }
    try { dynamic_cast<other &>(*p); } catch (std::bad_cast &) { std::cout << "bad cast\n"; }
    try { std::string().at(3); } catch (std::out_of_range &) { std::cout << "range\n"; }
    std::vector<std::complex<double> > c(2, std::complex<double>(1, 2));
    std::cout << sum(c) << '\n';
    { std::ofstream f("file"); f << "one 2 3.25\n"; }
    std::ifstream f("file");
    std::string word; int n; double d;
    f >> word >> n >> d;
    std::cout << word << n << d << typeid(*p).name() << '\n';
    std::wcout << L"wide\n";
}
