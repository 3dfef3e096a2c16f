// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/courier/stick_ingest.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "drivers/base/limits_courier.hpp"
#include "drivers/base/limits_http.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

using base::Errc;
using courier::FileKind;
using courier::FileName;

/// The requests of one terminal, as the server would have heard them from it.
class Line {
  public:
    Line(http::Handler& service, const base::Uuid& terminal)
        : service_(service), terminal_(base::to_text(terminal)) {}

    http::Response post(const FileName& name, std::string body) {
        http::Request request =
            request_to(name.kind == FileKind::advance ? "/advance" : "/batches");
        request.method = http::Method::post;
        request.headers = {{"content-type", "application/json"}};
        request.body = std::move(body);
        return ask(request);
    }
    http::Response events(std::uint64_t after) {
        http::Request request = request_to("/events");
        request.query = "after=" + std::to_string(after);
        return ask(request);
    }
    http::Response growth(std::uint64_t from) {
        http::Request request = request_to("");
        request.path = "/v1/log/growth";
        request.query = "from=" + std::to_string(from);
        return ask(request);
    }

  private:
    /// An answer may wait for places in the log that another instance gives out; it gives up by
    /// itself.
    http::Response ask(const http::Request& request) {
        http::Answer answer = service_.answer(request);
        auto* const later = std::get_if<http::Later>(&answer);
        if (later == nullptr) return std::move(std::get<http::Response>(answer));
        while (true) {
            if (auto response = (*later)()) return std::move(*response);
            std::this_thread::sleep_for(std::chrono::milliseconds(limits::later_look_ms));
        }
    }
    [[nodiscard]] http::Request request_to(std::string_view rest) const {
        http::Request request;
        request.path = "/v1/terminals/" + terminal_ + std::string(rest);
        request.peer = http::Peer{"terminal", terminal_};
        return request;
    }

    http::Handler& service_;
    std::string terminal_;
};

/// The problem's own word; one that follows from the status if the answer has none.
std::string problem_word(const http::Response& response) {
    constexpr std::string_view prefix = "urn:freigabe:problem:";
    const auto json = model::parse_json(response.body, limits::http_head_bytes_max);
    if (json && json->is_object()) {
        model::JsonFields fields(*json);
        const std::string type = fields.text("type", 64);
        if (type.starts_with(prefix) && type.size() > prefix.size())
            return type.substr(prefix.size());
    }
    return "request";
}

/// Not the body's fault: the same bytes may be welcome later.
bool is_for_later(unsigned status) {
    return status >= 500 || status == 429;
}

base::Error later(const http::Response& response) {
    return {Errc::busy, "stick: the backend could not take it now", response.status};
}

/// How many events a page has, and where the next begins.
struct Page {
    std::size_t events = 0;
    std::uint64_t next = 0;
};
base::Result<Page> read_page(const http::Response& response) {
    TRY(json, model::parse_json(response.body, limits::http_body_bytes_max));
    model::JsonFields fields(json);
    Page page;
    page.events = fields.array("events", limits::events_page_max).size();
    page.next = fields.number("next", INT64_MAX);
    if (!fields.ok_with_others()) return base::fail(Errc::message_bad, "stick events");
    return page;
}

FileName answer_name(const FileName& body) {
    return {body.kind == FileKind::advance ? FileKind::advance_receipts : FileKind::batch_receipts,
            body.number};
}

}  // namespace

bool StickReport::whole() const {
    return std::ranges::all_of(terminals, [](const Terminal& each) {
        return !each.error && !each.revoked && each.refused.empty() && each.damaged.empty();
    });
}

base::Result<StickReport> StickIngest::run(port::UsbStore& stick) {
    TRY(terminals, courier::terminals_on(stick, courier::Direction::out));
    StickReport report;
    report.foreign = terminals.foreign;
    for (const base::Uuid& terminal : terminals.found) {
        StickReport::Terminal& part = report.terminals.emplace_back();
        part.terminal = terminal;
        if (const auto done = take(stick, part); !done) part.error = done.error();
    }
    return report;
}

base::Result<void> StickIngest::finish(courier::FolderWriter& answers,
                                       const StickReport::Terminal& report) {
    return answers.finish(
        courier::encode(courier::InManifest{report.terminal, answers.files(), report.refused}));
}

base::Result<void> StickIngest::take(port::UsbStore& stick, StickReport::Terminal& report) {
    TRY(read, courier::read_out(stick, report.terminal));
    TRY(keys, journal_keys(parts_.store, report.terminal));
    if (keys.empty()) return base::fail(Errc::peer_not_allowed, "stick: not enrolled here");
    if (!courier::is_signed_by(read, keys))
        return base::fail(Errc::signature_bad, "stick manifest");
    const courier::OutManifest& manifest = read.manifest;
    report.files = manifest.files.size();
    Line line(parts_.service, report.terminal);
    courier::FolderWriter answers(stick, courier::Direction::in, report.terminal);
    TRY_VOID(answers.begin());
    for (const courier::ManifestFile& file : manifest.files) {
        auto body = courier::read_file(stick, {courier::Direction::out, report.terminal}, file);
        if (!body) {
            // One damaged file does not keep the others out (I7).
            report.damaged.push_back({file.name, body.error()});
            continue;
        }
        const http::Response response = line.post(file.name, std::move(*body));
        if (is_for_later(response.status)) return tl::unexpected(later(response));
        if (response.status == 200) {
            ++report.taken;
            TRY_VOID(answers.add(answer_name(file.name), response.body));
        } else {
            report.refused.push_back({file.name, response.status, problem_word(response)});
        }
    }
    std::uint64_t after = manifest.events_after;
    for (std::uint32_t n = 1; n <= limits::courier_event_pages_max; ++n) {
        const http::Response response = line.events(after);
        if (response.status == 403) {
            report.revoked = true;
            return finish(answers, report);
        }
        if (response.status != 200) return tl::unexpected(later(response));
        TRY(page, read_page(response));
        if (page.events == 0 || page.next <= after) break;
        TRY_VOID(answers.add({FileKind::events, n}, response.body));
        ++report.events;
        after = page.next;
    }
    const http::Response growth = line.growth(manifest.log_size);
    if (growth.status != 200) return tl::unexpected(later(growth));
    TRY_VOID(answers.add({FileKind::growth, 1}, growth.body));
    return finish(answers, report);
}

}  // namespace backend
