// SPDX-License-Identifier: EUPL-1.2
// Runs a libFuzzer target without libFuzzer: every corpus file, then seeded changes of them. So
// that each ordinary build checks each parser; ./run fuzz does it with coverage. usage: TARGET
// [-runs=N] [-seed=N] [FILE|FOLDER...] A crash leaves the input's file name or seed in the last
// printed line.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t input_bytes_max = 65'536;

Bytes read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (bytes.size() > input_bytes_max) bytes.resize(input_bytes_max);
    return bytes;
}

std::vector<Bytes> read_all(const std::filesystem::path& path) {
    std::vector<Bytes> all;
    if (!std::filesystem::is_directory(path)) return {read(path)};
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        if (entry.is_regular_file()) all.push_back(read(entry.path()));
    }
    return all;
}

/// The changes that find most in parsers of lengths and tags: flips, edge values, cuts, doubled
/// parts.
void mutate(Bytes& bytes, std::mt19937_64& random) {
    constexpr std::uint8_t edges[] = {0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0xFE, 0xFF};
    const auto below = [&](std::size_t limit) {
        return static_cast<std::size_t>(random() % limit);
    };
    for (std::size_t change = 0; change <= below(4); ++change) {
        if (bytes.empty()) bytes.push_back(0);
        const std::size_t at = below(bytes.size());
        const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
            case 0:
                bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << below(8)));
                break;
            case 1:
                bytes[at] = edges[below(std::size(edges))];
                break;
            case 2:
                bytes.resize(at);
                break;
            case 3:
                bytes.insert(here, static_cast<std::uint8_t>(random()));
                break;
            default:
                bytes.erase(here);
                break;
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t runs = 20'000;
    std::uint64_t seed = 1;
    std::vector<Bytes> corpus;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.starts_with("-runs=")) {
            runs = std::stoull(argument.substr(6));
        } else if (argument.starts_with("-seed=")) {
            seed = std::stoull(argument.substr(6));
        } else {
            for (Bytes& bytes : read_all(argument)) corpus.push_back(std::move(bytes));
        }
    }
    corpus.emplace_back();
    std::printf("replay: %zu inputs, %llu changes, -seed=%llu\n", corpus.size(),
                static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    for (const Bytes& bytes : corpus) LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    std::mt19937_64 random(seed);
    for (std::uint64_t run = 0; run < runs; ++run) {
        Bytes bytes = corpus[random() % corpus.size()];
        mutate(bytes, random);
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    return 0;
}
