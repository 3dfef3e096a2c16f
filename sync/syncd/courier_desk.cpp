// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/courier_desk.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "drivers/base/limits_courier.hpp"
#include "drivers/base/log.hpp"
#include "sync/courier/approval.hpp"
#include "sync/courier/layout.hpp"
#include "sync/model/json.hpp"
#include "sync/syncd/courier_export.hpp"
#include "sync/syncd/courier_import.hpp"
#include "sync/syncd/downstream_carrier.hpp"
#include "sync/syncd/file.hpp"

namespace syncd {
namespace {

using base::Errc;

constexpr const char* export_name = "export.jws";
constexpr const char* verify_name = "verify";
constexpr const char* import_name = "import";
constexpr std::string_view result_name = "result.json";

tl::unexpected<base::Error> desk_failed(const char* where) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

/// `{...}` without its braces, so that it can stand behind other members.
std::string members_of(const model::JsonWriter& writer) {
    const std::string text = writer.done();
    return text.substr(1, text.size() - 2);
}

std::string members_of(const Exported& exported, ExportState state) {
    model::JsonWriter out;
    out.text("state", word(state))
        .number("files", exported.files)
        .number("bytes", exported.bytes)
        .boolean("more", exported.more);
    return members_of(out);
}

std::string members_of(const Imported& imported) {
    std::vector<std::string> refused;
    for (const RefusedFile& each : imported.refused) {
        refused.push_back(model::JsonWriter()
                              .text("name", courier::to_text(each.name))
                              .number("errc", static_cast<std::uint64_t>(each.error.code))
                              .text("why", each.error.where)
                              .done());
    }
    std::vector<std::string> backend;
    for (const courier::Refusal& each : imported.backend_refused) {
        backend.push_back(model::JsonWriter()
                              .text("name", courier::to_text(each.name))
                              .number("status", each.status)
                              .text("type", each.type)
                              .done());
    }
    model::JsonWriter out;
    out.number("files", imported.files)
        .number("receipts", imported.receipts)
        .number("events", imported.events)
        .boolean("checkpoint", imported.checkpoint)
        .raw("refused", model::json_array(refused))
        .raw("backend_refused", model::json_array(backend));
    return members_of(out);
}

}  // namespace

CourierDesk::CourierDesk(Options options, Parts parts, outbox::Socket watch)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      state_(options_.state_path),
      watch_(std::move(watch)) {}

base::Result<std::unique_ptr<CourierDesk>> CourierDesk::open(Options options, Parts parts) {
    const char* const folder = options.requests_path.c_str();
    if (::mkdir(folder, 0770) != 0 && errno != EEXIST) return desk_failed("courier folder");
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return desk_failed("courier watch");
    outbox::Socket watch(fd);
    if (::inotify_add_watch(fd, folder, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0)
        return desk_failed("courier watch");
    return std::unique_ptr<CourierDesk>(
        new CourierDesk(std::move(options), std::move(parts), std::move(watch)));
}

std::string CourierDesk::path_of(std::string_view name) const {
    return options_.requests_path + "/" + std::string(name);
}

void CourierDesk::turn() {
    // What the watch says is not looked at: it only woke us, and the folder is small.
    std::array<char, 4'096> events{};
    while (::read(watch_.get(), events.data(), events.size()) > 0) continue;
    // Verifying before importing before a new export, which overwrites what the others look at.
    const auto serve = [&](const char* name, const char* action, const auto& act) {
        const auto request = take_request(name);
        if (!request) return;
        answer(action, *request ? act(**request)
                                : base::Result<std::string>(tl::unexpected(request->error())));
    };
    serve(verify_name, "verify", [&](std::string_view) { return do_verify(); });
    serve(import_name, "import", [&](std::string_view) { return do_import(); });
    serve(export_name, "export", [&](std::string_view text) { return do_export(text); });
}

std::optional<base::Result<std::string>> CourierDesk::take_request(const char* name) {
    const std::string path = path_of(name);
    auto text = read_file(path, limits::courier_request_bytes_max);
    if (!text && text.error().detail == ENOENT) return std::nullopt;
    // A request that stays would be acted on for ever.
    if (::unlink(path.c_str()) != 0)
        return base::Result<std::string>(desk_failed("courier request"));
    return text;
}

base::Result<std::string> CourierDesk::do_export(std::string_view request) {
    TRY(approvers_text, read_file(options_.approvers_path, limits::config_bytes_max));
    TRY(approvers, courier::parse_approvers(approvers_text));
    TRY(agreed,
        courier::verify_request(request, approvers, options_.terminal, parts_.clock.wall_ms()));
    if (state_.was_used(agreed.id))
        return base::fail(Errc::manifest_rollback, "courier request was used before");
    TRY(stick, parts_.open_stick());
    // Burnt before the first byte: an export that fails is agreed to anew, so that nobody can fill
    // two sticks with one agreement.
    TRY_VOID(state_.use(agreed.id));
    TRY(exported, export_to(*stick, parts_.kiosk, options_.terminal));
    TRY_VOID(state_.set_export(ExportState::written, exported.manifest));
    base::log(base::LogEvent::courier_exported,
              {{"files", static_cast<std::int64_t>(exported.files)},
               {"bytes", static_cast<std::int64_t>(exported.bytes)}});
    return members_of(exported, state_.state());
}

base::Result<std::string> CourierDesk::do_verify() {
    if (state_.state() == ExportState::none)
        return base::fail(Errc::stick_bad, "there was no export");
    TRY(stick, parts_.open_stick());
    TRY(found, verify_export(*stick, options_.terminal, state_.manifest()));
    TRY_VOID(state_.set_export(ExportState::verified, state_.manifest()));
    return members_of(found, state_.state());
}

/// What comes down by stick goes the way that it goes over a line; the kiosk verifies every byte.
base::Result<bool> CourierDesk::take_downstream() {
    FolderDownstream files(options_.stick_path + "/" + std::string(courier::downstream_folder));
    return DownstreamCarrier({files, parts_.kiosk}).carry(SIZE_MAX);
}

base::Result<std::string> CourierDesk::do_import() {
    TRY(stick, parts_.open_stick());
    // Asked of the stick first, because it refuses a folder that is a link.
    const bool comes_down = stick->list(courier::downstream_folder).has_value();
    auto imported = import_from(*stick, parts_.kiosk, options_.terminal);
    // A stick may bring nothing but the files for every terminal.
    const bool nothing =
        !imported && imported.error().code == Errc::stick_bad && imported.error().detail == ENOENT;
    if (nothing && comes_down) imported = Imported{};
    if (!imported) return tl::unexpected(imported.error());
    for (const RefusedFile& each : imported->refused) {
        base::log(base::LogEvent::courier_refused,
                  {{"errc", static_cast<std::int64_t>(each.error.code)}});
    }
    base::log(base::LogEvent::courier_imported,
              {{"files", static_cast<std::int64_t>(imported->files - imported->refused.size())}});
    // Behind the receipts, and without a say over them: the two have nothing to do with each other.
    base::Result<bool> taken = false;
    if (comes_down) taken = take_downstream();
    if (!taken) base::log_error(taken.error());
    model::JsonWriter downstream;
    downstream.boolean("downstream", taken && *taken)
        .number("downstream_errc", taken ? 0U : static_cast<std::uint64_t>(taken.error().code));
    return members_of(*imported) + "," + members_of(downstream);
}

void CourierDesk::answer(std::string_view action, const base::Result<std::string>& members) {
    model::JsonWriter out;
    out.text("action", action).boolean("ok", members.has_value());
    out.number("at_ms", parts_.clock.wall_ms());
    if (!members) {
        base::log_error(members.error());
        base::log(base::LogEvent::courier_refused,
                  {{"errc", static_cast<std::int64_t>(members.error().code)}});
        out.number("errc", static_cast<std::uint64_t>(members.error().code))
            .text("why", members.error().where);
    }
    std::string text = out.done();
    if (members) text.insert(text.size() - 1, "," + *members);
    // Without a result the asker asks again; there is nothing else to do about a full disk here.
    if (const auto written = replace_file(path_of(result_name), text, 0644); !written)
        base::log_error(written.error());
}

}  // namespace syncd
