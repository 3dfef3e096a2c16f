// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/folder_writer.hpp"

#include <cerrno>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_courier.hpp"
#include "sync/courier/folder_reader.hpp"

namespace courier {
namespace {

using base::Errc;

/// A file that this side writes, whole or half: only these are taken away.
bool is_ours(std::string_view name, Direction direction) {
    if (name.ends_with(half_written_suffix)) name.remove_suffix(half_written_suffix.size());
    if (name == manifest_name(direction)) return true;
    const auto file = parse_file_name(name);
    return file && belongs(file->kind, direction);
}

}  // namespace

std::string FolderWriter::path_of(std::string_view name) const {
    return folder_of(direction_, terminal_) + "/" + std::string(name);
}

base::Result<void> FolderWriter::begin() {
    const std::string folder = folder_of(direction_, terminal_);
    const auto found = stick_.list(folder);
    if (!found && found.error().code == Errc::file_io && found.error().detail == ENOENT) return {};
    if (!found) return tl::unexpected(found.error());
    // First and durably: from here on the folder is seen to be unfinished.
    TRY_VOID(stick_.remove(path_of(manifest_name(direction_))));
    TRY_VOID(stick_.sync(folder));
    for (const std::string& name : found->names) {
        if (is_ours(name, direction_)) TRY_VOID(stick_.remove(path_of(name)));
    }
    return {};
}

base::Result<void> FolderWriter::put(std::string_view name, std::string_view bytes) {
    const std::string half_written = path_of(name) + std::string(half_written_suffix);
    TRY_VOID(stick_.write(half_written, bytes));
    return stick_.rename(half_written, name);
}

base::Result<void> FolderWriter::add(const FileName& name, std::string_view bytes) {
    CHECK(belongs(name.kind, direction_));
    CHECK(files_.empty() || files_.back().name < name);
    CHECK(files_.size() < limits::courier_files_max);
    TRY_VOID(put(to_text(name), bytes));
    files_.push_back(describe(name, bytes));
    return {};
}

base::Result<void> FolderWriter::finish(std::string_view manifest) {
    const std::string folder = folder_of(direction_, terminal_);
    // Without a file there is no folder yet; with some, their names must be durable before the
    // manifest can be.
    if (!files_.empty()) TRY_VOID(stick_.sync(folder));
    TRY_VOID(put(manifest_name(direction_), manifest));
    TRY_VOID(stick_.sync(folder));
    const auto same = read_back(manifest);
    if (same) return same;
    // Best effort: the error below is what counts, and a stick that lies may refuse this as well.
    (void)stick_.remove(path_of(manifest_name(direction_)));
    return same;
}

base::Result<void> FolderWriter::read_back(std::string_view manifest) {
    const auto other = base::fail(Errc::device_failed, "stick gives back other bytes");
    TRY(again, stick_.read(path_of(manifest_name(direction_)), manifest.size()));
    if (again != manifest) return other;
    for (const ManifestFile& file : files_) {
        const auto bytes = read_file(stick_, {direction_, terminal_}, file);
        if (!bytes && bytes.error().code == Errc::stick_bad) return other;
        if (!bytes) return tl::unexpected(bytes.error());
    }
    return {};
}

}  // namespace courier
