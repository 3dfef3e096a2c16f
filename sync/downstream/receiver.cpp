// SPDX-License-Identifier: EUPL-1.2
#include "sync/downstream/receiver.hpp"

#include <algorithm>

#include "drivers/base/limits_downstream.hpp"
#include "drivers/base/log.hpp"
#include "sync/downstream/delta.hpp"

namespace downstream {
namespace {

using base::Errc;

FileId file_of(const Target& target) {
    return {target.digest, target.length};
}
FileId file_of(const DeltaTarget& delta) {
    return {delta.digest, delta.length};
}

base::Bytes bytes_of(std::string_view text) {
    const auto bytes = base::as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

base::Result<Receiver> Receiver::open(Options options, Memory& memory, ContentCheck check) {
    TRY(store, Store::open(options.folder));
    Receiver out(std::move(options), memory, std::move(check), std::move(store));
    TRY_VOID(out.recall());
    return out;
}

base::Result<void> Receiver::recall() {
    TRY(enrolled, open_root(options_.enrolled_root));
    TRY(remembered, memory_->load());
    if (remembered) remembered_ = std::move(*remembered);
    if (!remembered_.manifest_file.empty()) {
        TRY(payload, payload_of(remembered_.manifest_file, limits::manifest_file_bytes_max));
        TRY(manifest, parse_manifest(payload));
        active_ = std::move(manifest);
    }
    if (!remembered_.root_file.empty()) {
        TRY(known, open_root(base::as_text(remembered_.root_file)));
        root_ = std::move(known);
    }
    if (enrolled.version > root_.version) {
        TRY_VOID(enter_root(std::move(enrolled), options_.enrolled_root));
    }
    if (active_) {
        for (const Target& target : targets_for(*active_, options_.terminal)) {
            if (const auto content = store_.read(file_of(target)); !content) {
                base::log_error(content.error());
            }
        }
        // Whole: nothing is wanted. Damaged: it is completed like a new one.
        pending_ = Pending{*active_, remembered_.manifest_file, {}};
        if (wanted().empty()) pending_.reset();
    }
    return {};
}

base::Result<void> Receiver::enter_root(Root root, std::string_view file) {
    Remembered next = remembered_;
    next.root_file = bytes_of(file);
    // Keys that were taken away hold nothing back: neither a version nor a list half fetched.
    next.manifest_counts =
        next.manifest_counts && verify_threshold(base::as_text(next.manifest_file), root.manifest,
                                                 limits::manifest_file_bytes_max)
                                    .has_value();
    TRY_VOID(memory_->save(next));
    remembered_ = std::move(next);
    root_ = std::move(root);
    if (pending_ && !verify_threshold(base::as_text(pending_->file), root_.manifest,
                                      limits::manifest_file_bytes_max)) {
        pending_.reset();
    }
    return {};
}

base::Result<void> Receiver::offer_root(std::string_view file) {
    if (base::equal(remembered_.root_file, base::as_bytes(file))) return {};
    TRY(next, follow_root(root_, file));
    return enter_root(std::move(next), file);
}

ManifestSeen Receiver::seen() const {
    if (!active_ || !remembered_.manifest_counts) return {};
    const auto payload = payload_of(remembered_.manifest_file, limits::manifest_file_bytes_max);
    return {active_->version, payload ? crypto::sha256(*payload) : crypto::Sha256Digest{}};
}

std::uint64_t Receiver::manifest_version() const {
    if (pending_) return pending_->manifest.version;
    return active_ ? active_->version : 0;
}

base::Result<void> Receiver::offer_manifest(std::string_view file, std::uint64_t floor_ms) {
    const ManifestSeen before = seen();
    TRY(manifest, verify_manifest(file, root_, before, floor_ms));
    if (before.version == manifest.version) return {};
    // Of two that are on their way the younger one counts.
    if (pending_ && pending_->manifest.version > manifest.version) {
        return base::fail(Errc::manifest_rollback, "a younger manifest is on its way");
    }
    pending_ = Pending{std::move(manifest), bytes_of(file), {}};
    TRY_VOID(use_deltas());
    return activate_if_whole();
}

std::optional<DeltaTarget> Receiver::delta_for(const Target& target) const {
    if (!active_) return std::nullopt;
    for (const DeltaTarget& delta : target.deltas) {
        const bool bad =
            std::ranges::find(pending_->bad_deltas, delta.digest) != pending_->bad_deltas.end();
        const bool start = std::ranges::any_of(active_->targets, [&](const Target& old) {
            return old.digest == delta.from && store_.has(file_of(old));
        });
        if (start && !bad && delta.length < target.length) return delta;
    }
    return std::nullopt;
}

std::vector<Wanted> Receiver::wanted() const {
    std::vector<Wanted> out;
    if (!pending_) return out;
    for (const Target& target : targets_for(pending_->manifest, options_.terminal)) {
        if (store_.has(file_of(target)) || out.size() == limits::downstream_wanted_max) continue;
        const auto delta = delta_for(target);
        const FileId file = delta ? file_of(*delta) : file_of(target);
        const bool known = std::ranges::any_of(
            out, [&](const Wanted& each) { return each.file.digest == file.digest; });
        if (!known) out.push_back({file, store_.partial_bytes(file)});
    }
    return out;
}

base::Result<void> Receiver::put(const crypto::Sha256Digest& digest, std::uint64_t offset,
                                 base::ByteView piece) {
    const auto all = wanted();
    const auto asked =
        std::ranges::find_if(all, [&](const Wanted& each) { return each.file.digest == digest; });
    if (asked == all.end()) return base::fail(Errc::manifest_bad, "nobody asked for this file");
    TRY(whole, store_.append(asked->file, offset, piece));
    if (!whole) return {};
    TRY_VOID(use_deltas());
    return activate_if_whole();
}

/// Makes the lists whose deltas are there. A delta that does not lead to its list is passed over,
/// and the list is fetched whole.
base::Result<void> Receiver::use_deltas() {
    for (const Target& target : targets_for(pending_->manifest, options_.terminal)) {
        const auto delta = store_.has(file_of(target)) ? std::nullopt : delta_for(target);
        if (!delta || !store_.has(file_of(*delta))) continue;
        const auto start = std::ranges::find(active_->targets, delta->from, &Target::digest);
        const auto made = [&]() -> base::Result<void> {
            TRY(old_list, store_.read(file_of(*start)));
            TRY(steps, store_.read(file_of(*delta)));
            TRY(new_list, apply_delta(old_list, steps, target.length));
            return store_.adopt(file_of(target), new_list);
        }();
        if (made) continue;
        base::log_error(made.error());
        if (made.error().code != Errc::manifest_bad) return made;
        pending_->bad_deltas.push_back(delta->digest);
    }
    return {};
}

base::Result<void> Receiver::check_contents(const Manifest& manifest) {
    for (const Target& target : targets_for(manifest, options_.terminal)) {
        TRY(content, store_.read(file_of(target)));
        TRY_VOID(check_(target, content));
    }
    return {};
}

base::Result<void> Receiver::activate_if_whole() {
    if (!pending_ || !wanted().empty()) return {};
    // Taken out first: whatever happens now, this one is not tried again before it is offered
    // again.
    Pending fresh = std::move(*pending_);
    pending_.reset();
    if (auto fits = check_contents(fresh.manifest); !fits) {
        base::log(base::LogEvent::downstream_refused,
                  {{"errc", static_cast<std::int64_t>(fits.error().code)}});
        return fits;
    }
    Remembered next{remembered_.root_file, std::move(fresh.file), true};
    TRY_VOID(memory_->save(next));
    remembered_ = std::move(next);
    active_ = std::move(fresh.manifest);
    base::log(base::LogEvent::downstream_activated,
              {{"version", static_cast<std::int64_t>(active_->version)}});
    clear_away();
    return {};
}

/// After an activation only: before it, what is there half may belong to the manifest that is
/// offered again after a restart.
void Receiver::clear_away() {
    std::set<crypto::Sha256Digest> kept;
    for (const Target& target : active_->targets) kept.insert(target.digest);
    store_.keep_only(kept);
}

}  // namespace downstream
