// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/overview.hpp"

#include <algorithm>

namespace courier {
namespace {

std::size_t count_unlisted(port::UsbStore& stick, const Folder& folder,
                           const std::vector<ManifestFile>& files) {
    const auto listing = stick.list(folder_of(folder.direction, folder.terminal));
    if (!listing) return 0;
    const auto listed = [&](const std::string& name) {
        return name == manifest_name(folder.direction) ||
               std::ranges::any_of(
                   files, [&](const ManifestFile& file) { return to_text(file.name) == name; });
    };
    const auto others = std::ranges::count_if(
        listing->names, [&](const std::string& name) { return !listed(name); });
    return listing->foreign + static_cast<std::size_t>(others);
}

void look_at_files(port::UsbStore& stick, const std::vector<ManifestFile>& files,
                   FolderView& view) {
    view.files = files.size();
    for (const ManifestFile& file : files) {
        view.bytes += file.bytes;
        const auto bytes = read_file(stick, view.folder, file);
        if (!bytes) view.problems.push_back({file.name, bytes.error()});
    }
    view.unlisted = count_unlisted(stick, view.folder, files);
}

FolderView look_out(port::UsbStore& stick, const base::Uuid& terminal) {
    FolderView view;
    view.folder = {Direction::out, terminal};
    auto read = read_out(stick, terminal);
    if (!read) {
        view.error = read.error();
        return view;
    }
    const auto files = std::move(read->manifest.files);
    view.out = std::move(read->manifest);
    view.out->files.clear();
    look_at_files(stick, files, view);
    return view;
}

FolderView look_in(port::UsbStore& stick, const base::Uuid& terminal) {
    FolderView view;
    view.folder = {Direction::in, terminal};
    auto manifest = read_in(stick, terminal);
    if (!manifest) {
        view.error = manifest.error();
        return view;
    }
    view.refused = std::move(manifest->refused);
    look_at_files(stick, manifest->files, view);
    return view;
}

}  // namespace

base::Result<Overview> look_at(port::UsbStore& stick) {
    Overview overview;
    TRY(out, terminals_on(stick, Direction::out));
    TRY(in, terminals_on(stick, Direction::in));
    for (const base::Uuid& terminal : out.found)
        overview.folders.push_back(look_out(stick, terminal));
    for (const base::Uuid& terminal : in.found)
        overview.folders.push_back(look_in(stick, terminal));
    overview.foreign = out.foreign + in.foreign;
    overview.downstream = stick.list(downstream_folder).has_value();
    return overview;
}

}  // namespace courier
