// SPDX-License-Identifier: EUPL-1.2
// From "confirm" to "durable": one declaration through the journal against a raw write + fdatasync
// of as many bytes on the same disk, in turns, so that both see the same noise; durable is when
// SQLite's fdatasync has returned. Three times: the whole, the part behind the signature, and the
// whole on a disk whose syncs take 5 ms. A fast disk answers before one signature of mbedTLS is
// made, so there the first ratio says only what cryptography costs, and has no budget. What is
// wanted (1.7) is asked on the slow disk, as terminals have it. Behind the signature SQLite's log
// takes nine pages, 37 kB, for 4.5 kB of record: its budget tells of more than that. Prints one
// JSON object a line.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "drivers/base/check.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/jwe.hpp"
#include "tests/fakes/journal_world.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double ms_between(Clock::time_point start, Clock::time_point end) {
    return std::chrono::duration<double, std::milli>(end - start).count();
}
double ms_since(Clock::time_point start) {
    return ms_between(start, Clock::now());
}

/// What every sync of this program goes through, SQLite's too. One thread.
struct Syncs {
    std::chrono::milliseconds least{};  ///< how long a sync of the disk takes at least
    int count = 0;
    Clock::time_point first_ended;  ///< of those since count was set to 0
};
Syncs syncs;

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

/// Tells when the head was signed: what follows is the disk's part.
class TimedKeyStore final : public port::KeyStore {
  public:
    explicit TimedKeyStore(port::KeyStore& keys) : keys_(keys) {}
    base::Result<base::Bytes> public_point(std::string_view key_name) override {
        return keys_.public_point(key_name);
    }
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override {
        auto signature = keys_.sign_digest(key_name, digest);
        if (syncs.count == 0) signed_at = Clock::now();
        return signature;
    }
    Clock::time_point signed_at;  ///< the last signature before the first sync

  private:
    port::KeyStore& keys_;
};

struct Medians {
    double raw_ms = 0;
    double durable_ms = 0;
    double commit_ms = 0;  ///< from the signature to durable
    double told_ms = 0;    ///< until append returns, with the slip's codes
    double slowest_ms = 0;
    double syncs_each = 0;
};

/// `rounds` times a raw write and a declaration, in turns.
Medians measure(journal::Journal& journal, const TimedKeyStore& keys, RawFile& raw,
                std::size_t bytes, int rounds) {
    std::vector<double> raw_ms;
    std::vector<double> durable_ms;
    std::vector<double> commit_ms;
    std::vector<double> told_ms;
    int all_syncs = 0;
    for (int i = 0; i < rounds; ++i) {
        raw_ms.push_back(raw.append_ms(bytes));
        // As in the kiosk, which does this while the page before is read.
        CHECK(journal.make_ready().has_value());
        syncs.count = 0;
        const auto start = Clock::now();
        CHECK(journal.append(fakes::consent(7), journal::Slip::print).has_value());
        told_ms.push_back(ms_since(start));
        CHECK(syncs.count > 0);
        durable_ms.push_back(ms_between(start, syncs.first_ended));
        commit_ms.push_back(ms_between(keys.signed_at, syncs.first_ended));
        all_syncs += syncs.count;
    }
    return {median(raw_ms),
            median(durable_ms),
            median(commit_ms),
            median(told_ms),
            *std::max_element(told_ms.begin(), told_ms.end()),
            static_cast<double>(all_syncs) / rounds};
}

}  // namespace

/// Stands before the C library's, for SQLite too.
extern "C" int fdatasync(int file) {
    const auto start = Clock::now();
    const auto result = static_cast<int>(::syscall(SYS_fdatasync, file));
    std::this_thread::sleep_until(start + syncs.least);
    if (syncs.count++ == 0) syncs.first_ended = Clock::now();
    return result;
}

int main() {
    constexpr int rounds = 300;
    constexpr int slow_rounds = 60;
    fakes::JournalWorld world;
    crypto::SystemRandom random;
    TimedKeyStore keys(world.keys);
    auto journal = journal::Journal::open(world.options(), {keys, random, world.clock});
    CHECK(journal.has_value());
    const std::filesystem::path path = world.options().path;
    CHECK(journal->append(fakes::consent(7), journal::Slip::print).has_value());
    const auto batch = model::parse_batch(journal->next_batch(1).value());
    const model::Record& record = batch->records[0];
    // What has to reach the disk at least: the record and the citizen's copy.
    const std::size_t bytes = record.header.size() + record.scopes.size() + record.jwe.size() +
                              batch->head.size() + 2'076;

    RawFile raw(world.folder.path() / "raw", bytes * (rounds + slow_rounds));
    const Medians fast = measure(*journal, keys, raw, bytes, rounds);
    syncs.least = std::chrono::milliseconds(5);
    const Medians slow = measure(*journal, keys, raw, bytes, slow_rounds);
    syncs.least = {};
    const char* const peer = "write+fdatasync of as many bytes";
    print({"journal: signed to durable, median", fast.commit_ms, "ms", peer, fast.raw_ms, 2.5});
    print({"journal: confirm to durable on a disk of 5 ms, median", slow.durable_ms, "ms", peer,
           slow.raw_ms, 1.7});
    print({"journal: confirm to durable, median", fast.durable_ms, "ms", peer, fast.raw_ms, 0});
    print({"journal: confirm to told, with the slip", fast.told_ms, "ms", peer, fast.raw_ms, 0});
    print({"journal: confirm to told, slowest", fast.slowest_ms, "ms", "", 0, 0});
    print({"journal: syncs a record", fast.syncs_each, "syncs", "one", 1, 1.2});
    const auto start = Clock::now();
    CHECK(journal->my_releases(fakes::pseudonym_of(7))->size() == rounds + slow_rounds + 1);
    print({"journal: my releases, 361 records", ms_since(start), "ms", "", 0, 0});
    { const journal::Journal closed = std::move(*journal); }
    print({"journal: bytes a record",
           static_cast<double>(std::filesystem::file_size(path)) / (rounds + slow_rounds), "bytes",
           "bytes of record and copy", static_cast<double>(bytes), 2.5});
    const auto open_start = Clock::now();
    CHECK(journal::Journal::open(world.options(), {world.keys, random, world.clock}).has_value());
    print({"journal: open and verify, 361 records", ms_since(open_start), "ms", "", 0, 0});
    return EXIT_SUCCESS;
}
