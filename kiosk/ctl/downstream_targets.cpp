// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/downstream_targets.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "drivers/apdu/tlv_bundle.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "drivers/eid/block_list.hpp"
#include "drivers/eid/cv_certificate.hpp"
#include "kiosk/consent/catalogue_rules.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/backend_file.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/configuration.hpp"
#include "sync/downstream/delta.hpp"
#include "sync/downstream/log_file.hpp"
#include "sync/model/downstream_names.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace ctl {
namespace {

using base::Errc;
using downstream::Kind;
using downstream::Target;
using std::filesystem::path;

struct Order {
    Kind kind{};
    std::optional<base::Uuid> terminal;
    path file;
    std::uint64_t valid_from_ms = 0;
};

std::optional<Order> parse_order(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view left = word.substr(0, equals);
    std::string_view right = word.substr(equals + 1);
    Order out;
    if (const std::size_t colon = left.find(':'); colon != std::string_view::npos) {
        out.terminal = base::parse_uuid(left.substr(colon + 1));
        if (!out.terminal) return std::nullopt;
        left = left.substr(0, colon);
    }
    const auto kind = downstream::kind_of(left);
    if (!kind) return std::nullopt;
    out.kind = *kind;
    if (const std::size_t at = right.rfind('@'); at != std::string_view::npos) {
        const auto day = parse_day(right.substr(at + 1));
        if (!day || day->time_since_epoch().count() <= 0) return std::nullopt;
        out.valid_from_ms =
            static_cast<std::uint64_t>(day->time_since_epoch().count()) * 86'400'000ULL;
        right = right.substr(0, at);
    }
    out.file = right;
    return out;
}

base::Result<void> check_content(Kind kind, base::ByteView content) {
    switch (kind) {
        case Kind::catalogue: {
            if (!downstream::is_signed_catalogue(content)) {
                return base::fail(Errc::catalogue_signature_bad, "sign the catalogue first");
            }
            TRY(json, downstream::catalogue_payload(base::as_text(content)));
            TRY_VOID(consent::load(json));
            return {};
        }
        case Kind::certificates: {
            TRY(each, apdu::split_bundle(content, limits::bundle_certificates_max));
            for (const base::ByteView der : each) TRY_VOID(eid::parse_cv_certificate(der));
            return {};
        }
        case Kind::csca:
            TRY_VOID(apdu::split_bundle(content, limits::bundle_certificates_max));
            return {};
        case Kind::block_list:
            TRY_VOID(eid::BlockListView::parse(content));
            return {};
        case Kind::configuration:
            TRY_VOID(downstream::parse_configuration(base::as_text(content)));
            return {};
        case Kind::backend:
            TRY_VOID(downstream::parse_backend_file(base::as_text(content)));
            return {};
        case Kind::log: {
            TRY(log, downstream::parse_log_file(base::as_text(content)));
            if (!receipts::checkpoint_origin_ok(log.name))
                return base::fail(Errc::manifest_bad, "name of a log");
            return {};
        }
    }
    return {};
}

/// The file's name in the letters that a manifest allows.
std::string name_of(const path& file) {
    std::string out;
    for (const char c : file.filename().string()) {
        const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool known = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') ||
                           small == '.' || small == '_' || small == '-';
        out += known ? small : '-';
    }
    if (out.size() > limits::target_name_bytes_max) out.resize(limits::target_name_bytes_max);
    if (out.starts_with('.')) out.front() = '-';
    return out;
}

bool same_place(const Target& left, const Target& right) {
    return left.kind == right.kind && left.terminal == right.terminal &&
           (downstream::is_single(left.kind) || left.name == right.name);
}

base::Result<void> store(const path& folder, base::ByteView content) {
    const std::string name = model::target_file_name(crypto::sha256(content));
    return write_file((folder / name).string(), content);
}

/// Deltas from the lists in the same place, to save a fleet from fetching everything anew; none
/// where it would save little.
base::Result<void> add_deltas(Target& fresh, const std::vector<Target>& targets,
                              base::ByteView content, const path& folder) {
    const downstream::ListShape shape{eid::block_list_head_bytes, eid::block_list_entry_bytes,
                                      eid::block_list_digest_bytes};
    for (const Target& old : targets) {
        if (!same_place(old, fresh) || fresh.deltas.size() == limits::target_deltas_max) continue;
        const auto bytes = read_file((folder / model::target_file_name(old.digest)).string(),
                                     limits::block_list_target_bytes_max);
        if (!bytes || old.digest == fresh.digest) continue;
        TRY(delta, downstream::make_delta(*bytes, content, shape));
        if (delta.size() > content.size() / 2) continue;
        TRY_VOID(store(folder, delta));
        fresh.deltas.push_back({old.digest, delta.size(), crypto::sha256(delta)});
        std::printf("delta %zu bytes for a list of %zu\n", delta.size(), content.size());
    }
    return {};
}

}  // namespace

void promote(std::vector<Target>& targets, std::uint64_t now_ms) {
    for (Target& target : targets) {
        if (target.valid_from_ms == 0 || target.valid_from_ms > now_ms) continue;
        const auto older = [&](const Target& each) {
            return same_place(each, target) && each.valid_from_ms < target.valid_from_ms;
        };
        // Marked, since erasing would move what is being looked at.
        for (Target& each : targets) {
            if (older(each)) each.length = 0;
        }
        target.valid_from_ms = 0;
    }
    std::erase_if(targets, [](const Target& each) { return each.length == 0; });
}

bool drop(std::vector<Target>& targets, std::string_view word) {
    const std::size_t slash = word.find('/');
    const auto kind = downstream::kind_of(word.substr(0, slash));
    const std::string_view name =
        slash == std::string_view::npos ? std::string_view() : word.substr(slash + 1);
    return std::erase_if(targets, [&](const Target& each) {
               return kind == each.kind && (name.empty() || name == each.name);
           }) > 0;
}

base::Result<void> put(std::vector<Target>& targets, std::string_view word, const path& folder) {
    const auto order = parse_order(word);
    if (!order) {
        std::fprintf(stderr, "not KIND[:TERMINAL]=FILE[@YYYY-MM-DD]: %.*s\n",
                     static_cast<int>(word.size()), word.data());
        return base::fail(Errc::config_bad, "downstream target");
    }
    TRY(content, read_file(order->file.string(),
                           static_cast<std::size_t>(downstream::length_max(order->kind))));
    if (auto fits = check_content(order->kind, content); !fits) {
        std::fprintf(stderr, "%s is no %s\n", order->file.c_str(),
                     std::string(downstream::word_of(order->kind)).c_str());
        return fits;
    }
    Target fresh{order->kind,
                 name_of(order->file),
                 content.size(),
                 crypto::sha256(content),
                 order->valid_from_ms,
                 order->terminal,
                 {}};
    if (fresh.kind == Kind::block_list) {
        TRY_VOID(add_deltas(fresh, targets, content, folder));
    }
    std::erase_if(targets, [&](const Target& each) {
        return same_place(each, fresh) &&
               (fresh.valid_from_ms == 0 || each.valid_from_ms == fresh.valid_from_ms);
    });
    TRY_VOID(store(folder, content));
    targets.push_back(std::move(fresh));
    return {};
}

}  // namespace ctl
