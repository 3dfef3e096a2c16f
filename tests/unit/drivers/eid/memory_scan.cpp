// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/drivers/eid/memory_scan.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "drivers/base/check.hpp"

namespace eid_test {
namespace {

constexpr std::size_t piece_bytes = 1U << 20U;
constexpr std::size_t pattern_bytes_max = 128;

struct Region {
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    std::string name;
};

/// Readable and writable parts of this process.
std::vector<Region> writable_regions() {
    std::vector<Region> regions;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        Region region;
        char rights[5] = {};
        int name_at = 0;
        const int fields = std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n",
                                       &region.start, &region.end, rights, &name_at);
        CHECK(fields == 3);
        if (std::strncmp(rights, "rw", 2) != 0) continue;
        region.name = line.substr(static_cast<std::size_t>(name_at));
        regions.push_back(std::move(region));
    }
    return regions;
}

/// A piece of memory copied out of /proc/self/mem. Its own pages lie in a mapping that is left out.
class Window {
  public:
    Window()
        : file_(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)),
          pages_(::mmap(nullptr, piece_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0)) {
        CHECK(file_ >= 0);
        CHECK(pages_ != MAP_FAILED);
    }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window() {
        ::munmap(pages_, piece_bytes);
        ::close(file_);
    }

    [[nodiscard]] bool inside(const Region& region) const {
        const auto own = reinterpret_cast<std::uintptr_t>(pages_);
        return own >= region.start && own < region.end;
    }
    [[nodiscard]] std::uintptr_t start() const { return reinterpret_cast<std::uintptr_t>(pages_); }
    /// What could be read from there on; empty where the kernel refuses.
    [[nodiscard]] base::ByteView look(std::uintptr_t at, std::size_t bytes) const {
        const ssize_t got = ::pread(file_, pages_, bytes, static_cast<off_t>(at));
        if (got <= 0) return {};
        return {static_cast<const std::uint8_t*>(pages_), static_cast<std::size_t>(got)};
    }

  private:
    int file_;
    void* pages_;
};

bool matches(base::ByteView here, const base::Bytes& masked) {
    for (std::size_t i = 0; i < masked.size(); ++i) {
        if ((here[i] ^ pattern_mask) != masked[i]) return false;
    }
    return true;
}

bool contains(base::ByteView memory, const base::Bytes& masked) {
    const int first = masked[0] ^ pattern_mask;
    while (memory.size() >= masked.size()) {
        const void* hit = std::memchr(memory.data(), first, memory.size() - masked.size() + 1);
        if (hit == nullptr) return false;
        const auto* byte = static_cast<const std::uint8_t*>(hit);
        memory = memory.subspan(static_cast<std::size_t>(byte - memory.data()));
        if (matches(memory, masked)) return true;
        memory = memory.subspan(1);
    }
    return false;
}

bool region_contains(const Window& window, const Region& region, const base::Bytes& masked) {
    for (std::uintptr_t at = region.start; at < region.end;) {
        const base::ByteView memory = window.look(at, std::min(piece_bytes, region.end - at));
        if (memory.empty()) return false;
        if (contains(memory, masked)) return true;
        if (at + memory.size() >= region.end) return false;
        at += memory.size() - std::min(memory.size() - 1, pattern_bytes_max);
    }
    return false;
}

}  // namespace

std::vector<Finding> scan_own_memory(const std::vector<base::Bytes>& masked) {
    const Window window;
    std::vector<Region> regions;
    for (Region region : writable_regions()) {
        // Neighbouring anonymous mappings are one line: what lies around the window's pages counts.
        if (window.inside(region)) {
            regions.push_back({window.start() + piece_bytes, region.end, region.name});
            region.end = window.start();
        }
        regions.push_back(std::move(region));
    }
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < masked.size(); ++i) {
        CHECK(masked[i].size() >= 2);
        CHECK(masked[i].size() <= pattern_bytes_max);
        for (const Region& region : regions) {
            if (region_contains(window, region, masked[i])) findings.push_back({i, region.name});
        }
    }
    return findings;
}

}  // namespace eid_test
