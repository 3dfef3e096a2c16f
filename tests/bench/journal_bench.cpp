// SPDX-License-Identifier: EUPL-1.2
// From "confirm" to "durable": one declaration through the journal against a raw write + fdatasync
// of as many bytes on the same disk, and against the least work there is (seal, two signatures, and
// that write), in turns, so that all see the same noise. The budget is on the second: with a fast
// disk the first says only what cryptography costs. Prints one JSON object a line.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/jwe.hpp"
#include "tests/fakes/journal_world.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Row {
    const char* name;
    double value;
    const char* unit;
    const char* reference;
    double reference_value;
    double ratio_max;  ///< 0 = no budget: a wall time alone says more about the machine
};

void print(const Row& row) {
    const double ratio = row.reference_value > 0 ? row.value / row.reference_value : 0;
    std::printf("{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", row.name, row.value, row.unit);
    if (row.reference_value > 0) {
        std::printf(",\"reference\":\"%s\",\"reference_value\":%.3f,\"ratio\":%.2f", row.reference,
                    row.reference_value, ratio);
    }
    if (row.ratio_max > 0) std::printf(",\"budget\":\"<= %.1f x\"", row.ratio_max);
    std::printf(",\"ok\":%s}\n", ratio <= row.ratio_max || row.ratio_max == 0 ? "true" : "false");
}

/// A preallocated file that is written and synced block by block.
class RawFile {
  public:
    RawFile(const std::filesystem::path& path, std::size_t bytes_max)
        : file_(::open(path.c_str(), O_RDWR | O_CREAT, 0600)) {
        CHECK(file_ >= 0);
        CHECK(::posix_fallocate(file_, 0, static_cast<off_t>(bytes_max)) == 0);
        CHECK(::fsync(file_) == 0);
    }
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;
    ~RawFile() { ::close(file_); }

    double append_ms(std::size_t bytes) {
        const std::vector<unsigned char> block(bytes, 0x5A);
        const auto start = Clock::now();
        CHECK(::pwrite(file_, block.data(), bytes, at_) == static_cast<ssize_t>(bytes));
        CHECK(::fdatasync(file_) == 0);
        at_ += static_cast<off_t>(bytes);
        return ms_since(start);
    }

  private:
    int file_;
    off_t at_ = 0;
};

}  // namespace

int main() {
    constexpr int rounds = 300;
    fakes::JournalWorld world;
    crypto::SystemRandom random;
    auto journal = journal::Journal::open(world.options(), {world.keys, random, world.clock});
    CHECK(journal.has_value());
    const std::filesystem::path path = world.options().path;
    CHECK(journal->append(fakes::consent(7), journal::Slip::print).has_value());
    const auto batch = model::parse_batch(journal->next_batch(1).value());
    const model::Record& record = batch->records[0];
    // What has to reach the disk at least: the record and the citizen's copy.
    const std::size_t bytes = record.header.size() + record.scopes.size() + record.jwe.size() +
                              batch->head.size() + 2'076;

    RawFile raw(world.folder.path() / "raw", bytes * (2 * rounds + 1));
    const base::Bytes plain(record.jwe.size() * 3 / 4, 0x20);
    std::vector<double> journal_ms;
    std::vector<double> raw_ms;
    std::vector<double> least_ms;
    for (int i = 0; i < rounds; ++i) {
        raw_ms.push_back(raw.append_ms(bytes));
        const auto least = Clock::now();
        CHECK(seal::seal_jwe(plain, world.options().views_key, random).has_value());
        // The signed head and the code on the slip.
        for (int sign = 0; sign < 2; ++sign) {
            CHECK(world.keys.sign_digest(journal::journal_key_name, base::Bytes(32, 7)));
        }
        (void)raw.append_ms(bytes);
        least_ms.push_back(ms_since(least));
        // As in the kiosk, which does this while the page before is read.
        CHECK(journal->make_ready().has_value());
        const auto start = Clock::now();
        CHECK(journal->append(fakes::consent(7), journal::Slip::print).has_value());
        journal_ms.push_back(ms_since(start));
    }
    const double durable = median(journal_ms);
    print({"journal: confirm to durable, median", durable, "ms", "write+fdatasync of as many bytes",
           median(raw_ms), 0});
    print({"journal: the same beside the least work", durable, "ms",
           "seal, sign twice, write+fdatasync", median(least_ms), 1.5});
    print({"journal: confirm to durable, slowest",
           *std::max_element(journal_ms.begin(), journal_ms.end()), "ms", "", 0, 0});
    const auto start = Clock::now();
    CHECK(journal->my_releases(fakes::pseudonym_of(7))->size() == rounds + 1);
    print({"journal: my releases, 301 records", ms_since(start), "ms", "", 0, 0});
    { const journal::Journal closed = std::move(*journal); }
    print({"journal: bytes a record",
           static_cast<double>(std::filesystem::file_size(path)) / rounds, "bytes",
           "bytes of record and copy", static_cast<double>(bytes), 2.5});
    const auto open_start = Clock::now();
    CHECK(journal::Journal::open(world.options(), {world.keys, random, world.clock}).has_value());
    print({"journal: open and verify, 301 records", ms_since(open_start), "ms", "", 0, 0});
    return EXIT_SUCCESS;
}
