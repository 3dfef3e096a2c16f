// SPDX-License-Identifier: EUPL-1.2
// A disk in memory that loses power: what was written and not synced may be there, be lost or be
// there in part, sector by sector and in any order; files made or deleted without a sync of their
// folder may or may not be. A SQLite VFS, so that the real journal runs on it. One thread.
// Model of ext4 and eMMC: sectors of 512 bytes are whole or old; after a failed fsync the kernel
// keeps the data in its cache, calls it clean and never writes it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace crash {

class PowerCutDisk {
  public:
    explicit PowerCutDisk(std::uint64_t seed);
    PowerCutDisk(const PowerCutDisk&) = delete;
    PowerCutDisk& operator=(const PowerCutDisk&) = delete;
    ~PowerCutDisk();

    /// Name for journal::Options::vfs.
    [[nodiscard]] const std::string& vfs_name() const { return name_; }

    /// The power goes after so many more changes (writes, syncs, new and deleted files).
    void cut_after(std::uint64_t operations) { operations_left_ = operations; }
    /// The sync after so many more syncs fails once and its data never reaches the disk.
    void fail_sync_after(std::uint64_t syncs) { syncs_left_ = syncs; }
    /// The change after so many more changes fails once and does nothing; of a sync the data never
    /// reaches the disk.
    void fail_change_after(std::uint64_t changes) { changes_left_ = changes; }
    /// Canary: the sync after so many more syncs says that it did its work, and did not.
    void lie_at_sync_after(std::uint64_t syncs) { honest_syncs_left_ = syncs; }
    /// Bytes that all files together may have; more is "disk full".
    void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
    /// Canary: syncs of the write-ahead log do nothing, which is what synchronous=NORMAL means.
    void ignore_log_syncs() { ignore_log_syncs_ = true; }

    /// What a copy of the medium would hold now: synced bytes under their names.
    using Image = std::map<std::string, std::vector<unsigned char>>;
    [[nodiscard]] Image image() const;
    /// After every handle was closed: the medium holds this image and nothing else.
    void restore(const Image& image);

    /// After every handle was closed: decides what survived and switches the power on again.
    void power_cycle();
    [[nodiscard]] bool dead() const { return dead_; }
    [[nodiscard]] std::uint64_t syncs() const { return syncs_; }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }
    /// Bytes that all files together have.
    [[nodiscard]] std::uint64_t used() const;

    struct Change {
        bool truncates = false;
        std::size_t offset = 0;
        std::vector<unsigned char> bytes;
    };
    struct Node {
        std::vector<unsigned char> present;  ///< what the running system sees
        std::vector<unsigned char> durable;
        std::vector<Change> pending;  ///< changes since the last sync, oldest first
        bool is_log = false;
    };
    using Directory = std::map<std::string, std::shared_ptr<Node>>;

    // What the VFS calls. Each returns a SQLite code.
    int open(const std::string& path, int flags, std::shared_ptr<Node>& out);
    int remove(const std::string& path, bool sync_folder);
    int write(Node& node, const unsigned char* data, std::size_t size, std::size_t offset);
    int truncate(Node& node, std::size_t size);
    int sync(const std::shared_ptr<Node>& node);
    [[nodiscard]] bool exists(const std::string& path) const { return present_.contains(path); }
    void random_bytes(char* out, int size);

  private:
    /// Counts a change; true if the power is off.
    bool count();
    /// True if this change is the one that fails.
    bool fails();
    [[nodiscard]] bool coin() { return (random_() & 1U) != 0; }
    void survive(Node& node);

    std::string name_;
    sqlite3_vfs vfs_{};
    std::mt19937_64 random_;
    Directory present_;
    Directory durable_;
    std::optional<std::uint64_t> operations_left_;
    std::optional<std::uint64_t> syncs_left_;
    std::optional<std::uint64_t> changes_left_;
    std::optional<std::uint64_t> honest_syncs_left_;
    std::optional<std::uint64_t> capacity_;
    std::uint64_t syncs_ = 0;
    std::uint64_t changes_ = 0;
    bool ignore_log_syncs_ = false;
    bool dead_ = false;
};

}  // namespace crash
