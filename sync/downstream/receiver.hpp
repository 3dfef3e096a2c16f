// SPDX-License-Identifier: EUPL-1.2
// The terminal's side of the downstream: believes roots and manifests, says which files are
// missing, takes them in pieces, and makes a manifest the active one when all of it is there,
// checked and durable - in one transaction that also raises what may never come back. Whoever
// brings the bytes (syncd, a stick, an attacker) can delay that and nothing else. What is active
// stays active until then, also when it has expired: an old list is told apart, not taken away. One
// thread (the journal worker). Norm: I14; TUF 1.0.33 5.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "sync/downstream/manifest.hpp"
#include "sync/downstream/store.hpp"

namespace downstream {

/// What a terminal must not forget.
struct Remembered {
    base::Bytes root_file;
    base::Bytes manifest_file;  ///< the active one; empty = none
    /// False: its keys were revoked, so its version holds no other back any more (fast-forward
    /// recovery, TUF 5.3.11). It stays active until another comes.
    bool manifest_counts = false;
};

/// Where it is kept: the journal's database. save returns after COMMIT.
class Memory {
  public:
    virtual ~Memory() = default;
    virtual base::Result<std::optional<Remembered>> load() = 0;
    virtual base::Result<void> save(const Remembered& state) = 0;
};

/// Whether the kiosk can work with a file, asked before its manifest becomes active: a list that is
/// signed and useless must not turn a fleet off. errors: any; the manifest is refused.
using ContentCheck =
    std::function<base::Result<void>(const Target& target, base::ByteView content)>;

struct Wanted {
    FileId file;
    std::uint64_t have = 0;  ///< bytes that are there: go on from here
};

class Receiver {
  public:
    struct Options {
        std::filesystem::path folder;
        base::Uuid terminal;
        std::string enrolled_root;  ///< the file that was put there at enrolment
    };
    /// Reads what is remembered, checks every file of the active manifest (a damaged one is fetched
    /// again). memory outlives the receiver. An enrolled root
    /// that is younger than the remembered one takes its place: a technician put it there.
    /// errors  manifest_bad, manifest_untrusted (the enrolled root), file_io, those of memory.
    static base::Result<Receiver> open(Options options, Memory& memory, ContentCheck check);

    /// Takes the next root. The one that is trusted already is no error.
    /// errors  those of follow_root and of memory.
    base::Result<void> offer_root(std::string_view file);
    /// Takes a manifest to complete. The active one is no error.
    /// errors  those of verify_manifest, of the content check and of memory.
    base::Result<void> offer_manifest(std::string_view file, std::uint64_t floor_ms);
    /// The files that are missing, at most limits::downstream_wanted_max; a delta instead of a list
    /// if the list that it starts from is there.
    [[nodiscard]] std::vector<Wanted> wanted() const;
    /// Takes a piece of a wanted file; the last piece of the last file activates the manifest.
    /// errors  manifest_bad (nobody asked for it), those of Store::append and of offer_manifest.
    base::Result<void> put(const crypto::Sha256Digest& digest, std::uint64_t offset,
                           base::ByteView piece);

    [[nodiscard]] const Root& root() const { return root_; }
    [[nodiscard]] const std::optional<Manifest>& active() const { return active_; }
    /// Its signed file; empty without one.
    [[nodiscard]] base::ByteView active_file() const { return remembered_.manifest_file; }
    /// Version that is active or being completed; 0 = none.
    [[nodiscard]] std::uint64_t manifest_version() const;
    [[nodiscard]] const Store& store() const { return store_; }

  private:
    struct Pending {
        Manifest manifest;
        base::Bytes file;
        std::vector<crypto::Sha256Digest> bad_deltas;  ///< did not give what they should
    };
    Receiver(Options options, Memory& memory, ContentCheck check, Store store)
        : options_(std::move(options)),
          memory_(&memory),
          check_(std::move(check)),
          store_(std::move(store)) {}

    base::Result<void> recall();
    base::Result<void> enter_root(Root root, std::string_view file);
    [[nodiscard]] ManifestSeen seen() const;
    [[nodiscard]] std::optional<DeltaTarget> delta_for(const Target& target) const;
    base::Result<void> use_deltas();
    base::Result<void> activate_if_whole();
    base::Result<void> check_contents(const Manifest& manifest);
    void clear_away();

    Options options_;
    Memory* memory_;
    ContentCheck check_;
    Store store_;
    Remembered remembered_;
    Root root_;
    std::optional<Manifest> active_;
    std::optional<Pending> pending_;
};

}  // namespace downstream
