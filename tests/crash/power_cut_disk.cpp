// SPDX-License-Identifier: EUPL-1.2
// A disk in memory that loses power.
#include "tests/crash/power_cut_disk.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "drivers/base/check.hpp"

namespace crash {
namespace {

constexpr std::size_t sector_bytes = 512;

/// SQLite allocates this and calls us back with it; its first member must be the base.
struct File {
    sqlite3_file base;
    PowerCutDisk* disk;
    std::shared_ptr<PowerCutDisk::Node> node;
};

File& file_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

PowerCutDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<PowerCutDisk*>(vfs->pAppData);
}

void put(std::vector<unsigned char>& into, std::size_t offset, const unsigned char* data,
         std::size_t size) {
    if (into.size() < offset + size) into.resize(offset + size);
    std::memcpy(into.data() + offset, data, size);
}

int x_close(sqlite3_file* file) {
    file_of(file).~File();
    return SQLITE_OK;
}

int x_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    File& own = file_of(file);
    if (own.disk->dead()) return SQLITE_IOERR_READ;
    const auto& bytes = own.node->present;
    const auto from = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto wanted = static_cast<std::size_t>(size);
    const auto there = std::min(wanted, bytes.size() - from);
    std::memcpy(out, bytes.data() + from, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    File& own = file_of(file);
    return own.disk->write(*own.node, static_cast<const unsigned char*>(data),
                           static_cast<std::size_t>(size), static_cast<std::size_t>(offset));
}

int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
    File& own = file_of(file);
    return own.disk->truncate(*own.node, static_cast<std::size_t>(size));
}

int x_sync(sqlite3_file* file, int) {
    File& own = file_of(file);
    return own.disk->sync(own.node);
}

int x_file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(file_of(file).node->present.size());
    return SQLITE_OK;
}

int x_lock(sqlite3_file*, int) {
    return SQLITE_OK;
}
int x_check_reserved(sqlite3_file*, int* out) {
    *out = 0;
    return SQLITE_OK;
}
int x_file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int x_sector_size(sqlite3_file*) {
    return static_cast<int>(sector_bytes);
}
int x_characteristics(sqlite3_file*) {
    return 0;
}

// Version 1: no shared memory, so WAL works in exclusive mode only, as the journal uses it.
constexpr sqlite3_io_methods io_methods{1,
                                        x_close,
                                        x_read,
                                        x_write,
                                        x_truncate,
                                        x_sync,
                                        x_file_size,
                                        x_lock,
                                        x_lock,
                                        x_check_reserved,
                                        x_file_control,
                                        x_sector_size,
                                        x_characteristics,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr};

int x_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    PowerCutDisk& disk = disk_of(vfs);
    file->pMethods = nullptr;
    std::shared_ptr<PowerCutDisk::Node> node;
    const int code = disk.open(path != nullptr ? path : "", flags, node);
    if (code != SQLITE_OK) return code;
    new (file) File{{&io_methods}, &disk, std::move(node)};
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int x_delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    return disk_of(vfs).remove(path, sync_folder != 0);
}

int x_access(sqlite3_vfs* vfs, const char* path, int, int* out) {
    *out = disk_of(vfs).exists(path) ? 1 : 0;
    return SQLITE_OK;
}

int x_full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    return std::snprintf(out, static_cast<std::size_t>(size), "%s", path) < size ? SQLITE_OK
                                                                                 : SQLITE_CANTOPEN;
}

int x_randomness(sqlite3_vfs* vfs, int size, char* out) {
    disk_of(vfs).random_bytes(out, size);
    return size;
}

int x_sleep(sqlite3_vfs*, int microseconds) {
    return microseconds;
}

int x_current_time(sqlite3_vfs*, double* out) {
    *out = 2'460'000.5;
    return SQLITE_OK;
}

}  // namespace

PowerCutDisk::PowerCutDisk(std::uint64_t seed)
    : name_("power-cut-" + std::to_string(seed)), random_(seed) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(File);
    vfs_.mxPathname = 256;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = x_open;
    vfs_.xDelete = x_delete;
    vfs_.xAccess = x_access;
    vfs_.xFullPathname = x_full_path;
    vfs_.xRandomness = x_randomness;
    vfs_.xSleep = x_sleep;
    vfs_.xCurrentTime = x_current_time;
    CHECK(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

PowerCutDisk::~PowerCutDisk() {
    sqlite3_vfs_unregister(&vfs_);
}

bool PowerCutDisk::count() {
    if (dead_) return true;
    ++changes_;
    if (operations_left_ && (*operations_left_)-- == 0) dead_ = true;
    return dead_;
}

bool PowerCutDisk::fails() {
    if (dead_ || !changes_left_ || (*changes_left_)-- != 0) return false;
    changes_left_.reset();
    return true;
}

std::uint64_t PowerCutDisk::used() const {
    std::uint64_t bytes = 0;
    for (const auto& [path, node] : present_) bytes += node->present.size();
    return bytes;
}

int PowerCutDisk::open(const std::string& path, int flags, std::shared_ptr<Node>& out) {
    if (dead_) return SQLITE_CANTOPEN;
    const auto found = present_.find(path);
    if (found != present_.end()) {
        out = found->second;
        return SQLITE_OK;
    }
    if ((flags & SQLITE_OPEN_CREATE) == 0 || fails() || count()) return SQLITE_CANTOPEN;
    out = std::make_shared<Node>();
    out->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    if (!path.empty()) present_[path] = out;
    return SQLITE_OK;
}

int PowerCutDisk::remove(const std::string& path, bool sync_folder) {
    if (fails() || count()) return SQLITE_IOERR_DELETE;
    if (present_.erase(path) == 0) return SQLITE_IOERR_DELETE_NOENT;
    if (sync_folder) durable_.erase(path);
    return SQLITE_OK;
}

int PowerCutDisk::write(Node& node, const unsigned char* data, std::size_t size,
                        std::size_t offset) {
    if (dead_ || fails()) return SQLITE_IOERR_WRITE;
    // The write during which the power goes may have reached the disk in part.
    const bool off = count();
    const std::size_t growth =
        offset + size > node.present.size() ? offset + size - node.present.size() : 0;
    // Writing over what is there needs no room.
    const bool full = capacity_ && growth > 0 && used() + growth > *capacity_;
    if (!off && full) return SQLITE_FULL;
    put(node.present, offset, data, size);
    node.pending.push_back({false, offset, {data, data + size}});
    return off ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int PowerCutDisk::truncate(Node& node, std::size_t size) {
    if (dead_ || fails()) return SQLITE_IOERR_TRUNCATE;
    const bool off = count();
    node.present.resize(size);
    node.pending.push_back({true, size, {}});
    return off ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

int PowerCutDisk::sync(const std::shared_ptr<Node>& node) {
    const bool fails_now = fails();
    if (count()) return SQLITE_IOERR_FSYNC;
    ++syncs_;
    if (honest_syncs_left_ && (*honest_syncs_left_)-- == 0) {
        honest_syncs_left_.reset();
        node->pending.clear();
        return SQLITE_OK;
    }
    if (fails_now) {
        node->pending.clear();
        return SQLITE_IOERR_FSYNC;
    }
    if (syncs_left_ && (*syncs_left_)-- == 0) {
        syncs_left_.reset();
        node->pending.clear();
        return SQLITE_IOERR_FSYNC;
    }
    if (node->is_log && ignore_log_syncs_) return SQLITE_OK;
    // What a failed sync lost stays lost: only what is still pending is written now.
    for (const Change& change : node->pending) {
        if (change.truncates) {
            node->durable.resize(change.offset);
        } else {
            put(node->durable, change.offset, change.bytes.data(), change.bytes.size());
        }
    }
    node->pending.clear();
    // The sync of a file that was just made also writes its name; a deleted one stays deleted.
    for (const auto& [path, each] : present_) {
        if (each == node) durable_[path] = each;
    }
    return SQLITE_OK;
}

void PowerCutDisk::survive(Node& node) {
    enum class Luck : std::uint8_t { nothing, everything, some, others };
    const auto luck = static_cast<Luck>(random_() % 4);
    for (const Change& change : node.pending) {
        if (luck == Luck::nothing) break;
        const bool all = luck == Luck::everything;
        if (change.truncates) {
            if (all || coin()) node.durable.resize(change.offset);
            continue;
        }
        for (std::size_t at = 0; at < change.bytes.size();) {
            const std::size_t sector_end =
                ((change.offset + at) / sector_bytes + 1) * sector_bytes - change.offset;
            const std::size_t end = std::min(sector_end, change.bytes.size());
            if (all || coin()) {
                put(node.durable, change.offset + at, change.bytes.data() + at, end - at);
            }
            at = end;
        }
    }
    node.pending.clear();
    node.present = node.durable;
}

void PowerCutDisk::power_cycle() {
    Directory after;
    for (const auto& [path, node] : durable_) {
        const auto found = present_.find(path);
        const bool still_there = found != present_.end() && found->second == node;
        if (still_there || coin()) after[path] = node;  // a deletion may be lost
    }
    for (const auto& [path, node] : present_) {
        const auto found = durable_.find(path);
        const bool new_name = found == durable_.end() || found->second != node;
        if (new_name && coin()) after[path] = node;  // so may a new file
    }
    for (const auto& [path, node] : after) survive(*node);
    present_ = after;
    durable_ = after;
    operations_left_.reset();
    syncs_left_.reset();
    changes_left_.reset();
    honest_syncs_left_.reset();
    dead_ = false;
}

PowerCutDisk::Image PowerCutDisk::image() const {
    Image image;
    for (const auto& [path, node] : durable_) image[path] = node->durable;
    return image;
}

void PowerCutDisk::restore(const Image& image) {
    present_.clear();
    for (const auto& [path, bytes] : image) {
        const auto node = std::make_shared<Node>();
        node->present = bytes;
        node->durable = bytes;
        present_[path] = node;
    }
    durable_ = present_;
    operations_left_.reset();
    syncs_left_.reset();
    dead_ = false;
}

void PowerCutDisk::random_bytes(char* out, int size) {
    for (int i = 0; i < size; ++i) out[i] = static_cast<char>(random_());
}

}  // namespace crash
