// SPDX-License-Identifier: EUPL-1.2
#include "sync/courier/folder_reader.hpp"

#include <algorithm>
#include <cerrno>

#include "drivers/base/limits_courier.hpp"
#include "sync/seal/jws.hpp"

namespace courier {
namespace {

using base::Errc;

base::Result<std::string> read_manifest(port::UsbStore& stick, const Folder& folder) {
    const std::string path = folder_of(folder.direction, folder.terminal) + "/" +
                             std::string(manifest_name(folder.direction));
    auto text = stick.read(path, limits::courier_manifest_jws_bytes_max);
    if (!text && text.error().code == Errc::file_io && text.error().detail == ENOENT)
        return base::fail(Errc::stick_bad, "stick has nothing finished for this terminal", ENOENT);
    return text;
}

}  // namespace

base::Result<SignedManifest> read_out(port::UsbStore& stick, const base::Uuid& terminal) {
    TRY(text, read_manifest(stick, {Direction::out, terminal}));
    const auto jws = seal::parse_compact(text);
    if (!jws || jws->header.typ != typ_manifest)
        return base::fail(Errc::stick_bad, "courier manifest signature form");
    TRY(manifest, parse_out_manifest(base::as_text(jws->payload)));
    if (manifest.terminal != terminal || jws->header.kid != base::to_text(terminal))
        return base::fail(Errc::stick_bad, "courier manifest of another terminal");
    return SignedManifest{std::move(text), std::move(manifest)};
}

base::Result<InManifest> read_in(port::UsbStore& stick, const base::Uuid& terminal) {
    TRY(text, read_manifest(stick, {Direction::in, terminal}));
    TRY(manifest, parse_in_manifest(text));
    if (manifest.terminal != terminal)
        return base::fail(Errc::stick_bad, "courier manifest of another terminal");
    return std::move(manifest);
}

base::Result<std::string> read_file(port::UsbStore& stick, const Folder& folder,
                                    const ManifestFile& file) {
    const std::string path =
        folder_of(folder.direction, folder.terminal) + "/" + to_text(file.name);
    auto bytes = stick.read(path, file.bytes);
    if (!bytes && bytes.error().code == Errc::file_io && bytes.error().detail == ENOENT)
        return base::fail(Errc::stick_bad, "stick lacks a listed file", ENOENT);
    if (!bytes) return bytes;
    if (describe(file.name, *bytes) != file)
        return base::fail(Errc::stick_bad, "stick file is not what its manifest says");
    return bytes;
}

bool is_signed_by(const SignedManifest& manifest, std::span<const crypto::Point> journal_keys) {
    return std::ranges::any_of(journal_keys, [&](const crypto::Point& key) {
        return seal::verify_compact(manifest.jws, typ_manifest, key).has_value();
    });
}

base::Result<Terminals> terminals_on(port::UsbStore& stick, Direction direction) {
    const auto listing = stick.list(folder_of(direction));
    Terminals terminals;
    if (!listing && listing.error().code == Errc::file_io && listing.error().detail == ENOENT)
        return terminals;
    if (!listing) return tl::unexpected(listing.error());
    terminals.foreign = listing->foreign;
    for (const std::string& name : listing->names) {
        const auto terminal = base::parse_uuid(name);
        if (!terminal || base::to_text(*terminal) != name) {
            ++terminals.foreign;
            continue;
        }
        if (terminals.found.size() == limits::courier_terminals_max)
            return base::fail(Errc::stick_bad, "stick has too many terminals");
        terminals.found.push_back(*terminal);
    }
    return terminals;
}

}  // namespace courier
