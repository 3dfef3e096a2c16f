// SPDX-License-Identifier: EUPL-1.2
// Everything around a journal, in memory: seeded randomness, a clock that is set by hand, keys, a
// backend that signs receipts, and people who declare. For the tests of sync/ and kiosk/. One
// thread.
#pragma once

#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"
#include "sync/journal/journal.hpp"

namespace fakes {

/// The same bytes for the same seed. Not for keys that matter.
class SeededRandom final : public port::Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<std::uint8_t> out) override;

  private:
    std::mt19937_64 engine_;
};

struct ManualClock final : port::Clock {
    std::uint64_t wall = 1'764'000'000'000;  ///< 2025-11-24
    std::uint64_t boot = 5'000;
    [[nodiscard]] std::uint64_t wall_ms() const override { return wall; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return boot; }
};

class MemoryKeyStore final : public port::KeyStore {
  public:
    explicit MemoryKeyStore(port::Random& random) : random_(random) {}
    void add(std::string name, crypto::KeyPair key) {
        keys_.emplace(std::move(name), std::move(key));
    }
    base::Result<base::Bytes> public_point(std::string_view key_name) override;
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override;

  private:
    port::Random& random_;
    std::map<std::string, crypto::KeyPair, std::less<>> keys_;
};

/// A folder of its own below the build folder, removed at the end.
class TempFolder {
  public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A terminal's surroundings and the backend's keys.
struct JournalWorld {
    explicit JournalWorld(std::uint64_t seed = 1);
    JournalWorld(const JournalWorld&) = delete;
    JournalWorld& operator=(const JournalWorld&) = delete;

    [[nodiscard]] journal::Options options() const;
    [[nodiscard]] journal::Ports ports() { return {keys, random, clock}; }
    /// CHECKs that it opens.
    [[nodiscard]] journal::Journal open() { return open(options()); }
    [[nodiscard]] journal::Journal open(journal::Options options);

    /// What the backend would answer to this batch or advance body, signed.
    [[nodiscard]] std::string receipt_for_batch(std::string_view body, std::uint64_t issued_s);
    [[nodiscard]] std::string receipt_for_advance(std::string_view body, std::uint64_t issued_s);
    [[nodiscard]] std::string sign(const receipts::Receipt& receipt);
    /// What a receipt says of a record; one record has one place in the log.
    [[nodiscard]] receipts::ReceivedRecord received(const model::Record& record);

    TempFolder folder;
    SeededRandom random;
    ManualClock clock;
    MemoryKeyStore keys;
    crypto::KeyPair views;    ///< the backend's views role
    crypto::KeyPair receipt;  ///< the backend's receipt key
    crypto::Point journal_key;
    base::Uuid terminal;
    std::string issuer = "https://backend.test";  ///< of receipts
    std::uint64_t log_size = 100;
    std::map<model::Digest, std::uint64_t> log_places;  ///< by leaf
    std::uint64_t receipts_made = 0;
};

/// A consent of the person with this pseudonym byte, for the given recipients.
[[nodiscard]] model::Declaration consent(std::uint8_t person,
                                         const std::vector<std::string>& recipients = {
                                             "jobcenter"});
/// Their withdrawal of one declaration, or of everything.
[[nodiscard]] model::Declaration withdrawal_of(std::uint8_t person, const base::Uuid& declaration);
[[nodiscard]] model::Declaration withdrawal_of_all(std::uint8_t person);
[[nodiscard]] base::Bytes pseudonym_of(std::uint8_t person);

}  // namespace fakes
