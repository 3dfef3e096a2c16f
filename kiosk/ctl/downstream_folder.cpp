// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/downstream_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/eid/block_list.hpp"
#include "kiosk/ctl/downstream_targets.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/manifest.hpp"
#include "sync/model/downstream_names.hpp"
#include "sync/model/times.hpp"

namespace ctl {
namespace {

using base::Errc;
using std::filesystem::path;

std::uint64_t now_ms() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count());
}

base::Result<base::Bytes> read_root_file(const path& folder, std::uint64_t version) {
    return read_file((folder / model::root_file_name(version)).string());
}

/// The newest root of the folder, each verified as the successor of the one before.
base::Result<downstream::Root> walk_roots(const path& folder, downstream::Root root) {
    for (std::size_t i = 0; i < limits::roots_per_round_max; ++i) {
        if (!std::filesystem::exists(folder / model::root_file_name(root.version + 1))) break;
        TRY(file, read_root_file(folder, root.version + 1));
        TRY(next, downstream::follow_root(root, base::as_text(file)));
        root = std::move(next);
    }
    return root;
}

base::Result<downstream::Root> newest_root(const path& folder) {
    TRY(file, read_root_file(folder, 1));
    TRY(root, downstream::open_root(base::as_text(file)));
    return walk_roots(folder, std::move(root));
}

base::Result<downstream::Manifest> read_manifest(const path& folder, std::string_view name) {
    TRY(file, read_file((folder / name).string()));
    TRY(payload, downstream::payload_of(file, limits::manifest_file_bytes_max));
    return downstream::parse_manifest(payload);
}

base::Result<void> check_file(const path& folder, const crypto::Sha256Digest& digest,
                              std::uint64_t length) {
    const std::string name = model::target_file_name(digest);
    const auto file = folder / model::targets_folder_name / name;
    TRY(content, read_file(file.string(), limits::block_list_target_bytes_max));
    if (content.size() == length && crypto::sha256(content) == digest) return {};
    std::fprintf(stderr, "%s is not the file that the manifest names\n", file.c_str());
    return base::fail(Errc::manifest_bad, "target digest");
}

/// Every file that the manifest names is there, whole and unchanged.
base::Result<void> check_files(const path& folder, const downstream::Manifest& manifest) {
    for (const downstream::Target& target : manifest.targets) {
        TRY_VOID(check_file(folder, target.digest, target.length));
        for (const auto& delta : target.deltas) {
            TRY_VOID(check_file(folder, delta.digest, delta.length));
        }
    }
    return {};
}

void print_manifest(const downstream::Manifest& manifest) {
    const auto days = [](std::uint64_t ms) {
        return model::to_text(model::day_of(std::min(ms, model::unix_ms_max)));
    };
    std::printf("manifest %llu, expires %s\n", static_cast<unsigned long long>(manifest.version),
                days(manifest.expires_ms).c_str());
    for (const auto& target : manifest.targets) {
        std::printf(
            "  %-13s %-24s %9llu bytes%s%s%s\n",
            std::string(downstream::word_of(target.kind)).c_str(), target.name.c_str(),
            static_cast<unsigned long long>(target.length),
            target.valid_from_ms == 0 ? "" : (" from " + days(target.valid_from_ms)).c_str(),
            target.terminal ? (" for " + base::to_text(*target.terminal)).c_str() : "",
            target.deltas.empty() ? "" : ", with deltas");
    }
}

base::Result<void> release_root(const path& folder, const base::Bytes& file,
                                const downstream::Root& root) {
    if (root.version == 1) {
        TRY_VOID(downstream::open_root(base::as_text(file)));
    } else {
        TRY(newest, newest_root(folder));
        TRY_VOID(downstream::follow_root(newest, base::as_text(file)));
    }
    const path place = folder / model::root_file_name(root.version);
    if (std::filesystem::exists(place)) return base::fail(Errc::manifest_rollback, "root is there");
    std::printf("root %llu\n", static_cast<unsigned long long>(root.version));
    return write_file(place.string(), file);
}

base::Result<void> release_manifest(const path& folder, const base::Bytes& file) {
    TRY(root, newest_root(folder));
    downstream::ManifestSeen seen;
    if (const auto now = read_manifest(folder, model::manifest_file_name)) {
        seen.version = now->version;
        seen.payload_digest = crypto::sha256(base::as_bytes(downstream::write_manifest(*now)));
    }
    TRY(manifest, downstream::verify_manifest(base::as_text(file), root, seen, now_ms()));
    TRY_VOID(check_files(folder, manifest));
    print_manifest(manifest);
    return write_file((folder / model::manifest_file_name).string(), file);
}

}  // namespace

std::optional<unsigned> small_number(std::string_view text, unsigned value_max) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value == 0 || value > value_max) return std::nullopt;
    return value;
}

base::Result<std::uint64_t> expiry_of(const Options& options, std::string_view days_otherwise) {
    const auto days = small_number(options.value("--days").value_or(days_otherwise), 3'650);
    if (!days) return base::fail(Errc::config_bad, "downstream days");
    return now_ms() + *days * 86'400'000ULL;
}

base::Result<void> publish(const Options& options) {
    const path folder(options.words().front());
    std::error_code error;
    std::filesystem::create_directories(folder / model::targets_folder_name, error);
    downstream::Manifest manifest;
    if (std::filesystem::exists(folder / model::manifest_file_name)) {
        TRY(old, read_manifest(folder, model::manifest_file_name));
        manifest = std::move(old);
    }
    ++manifest.version;
    manifest.issued_ms = now_ms();
    TRY(expires, expiry_of(options, ""));
    manifest.expires_ms = expires;
    promote(manifest.targets, manifest.issued_ms);
    for (const std::string_view word : options.values("--drop")) {
        if (!drop(manifest.targets, word)) {
            std::fprintf(stderr, "nothing to drop: %.*s\n", static_cast<int>(word.size()),
                         word.data());
            return base::fail(Errc::config_bad, "downstream drop");
        }
    }
    for (std::size_t i = 1; i < options.words().size(); ++i) {
        TRY_VOID(put(manifest.targets, options.words()[i], folder / model::targets_folder_name));
    }
    const std::string text = downstream::write_manifest(manifest);
    TRY_VOID(downstream::parse_manifest(base::as_bytes(text)));
    print_manifest(manifest);
    return write_file((folder / "manifest.draft").string(), base::as_bytes(text));
}

base::Result<void> release(const Options& options) {
    const path folder(options.words()[0]);
    TRY(file, read_file(options.words()[1]));
    TRY(payload, downstream::payload_of(file, limits::manifest_file_bytes_max));
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (const auto root = downstream::parse_root(payload)) {
        return release_root(folder, file, *root);
    }
    return release_manifest(folder, file);
}

base::Result<void> verify_folder(const Options& options) {
    const path folder(options.words().front());
    const std::string first =
        std::string(options.value("--root").value_or((folder / model::root_file_name(1)).c_str()));
    TRY(root_file, read_file(first));
    TRY(first_root, downstream::open_root(base::as_text(root_file)));
    TRY(root, walk_roots(folder, std::move(first_root)));
    TRY(file, read_file((folder / model::manifest_file_name).string()));
    TRY(manifest, downstream::verify_manifest(base::as_text(file), root, {}, now_ms()));
    TRY_VOID(check_files(folder, manifest));
    std::printf("root %llu of %zu keys, manifest signed by %zu of %zu\n",
                static_cast<unsigned long long>(root.version), root.root.keys.size(),
                downstream::count_signatures(base::as_text(file), root.manifest),
                root.manifest.keys.size());
    print_manifest(manifest);
    return {};
}

}  // namespace ctl
