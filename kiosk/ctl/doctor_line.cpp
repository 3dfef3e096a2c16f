// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at the line: the socket between kiosk and syncd, and the backend over mutual TLS.
// The socket is never connected to, because the kiosk would take us for a new syncd.
#include <charconv>
#include <string>

#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/http/client.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

constexpr const char* socket_table = "/proc/net/unix";

struct SocketUse {
    bool listening = false;
    std::size_t connected = 0;
};

/// What the kernel's table says of a path: one line a socket, "num refs protocol flags type state
/// inode path".
SocketUse use_of(const std::string& path) {
    constexpr std::string_view accepts = "00010000";  // SO_ACCEPTCON
    constexpr std::string_view connected = "03";      // SS_CONNECTED
    SocketUse use;
    const auto table = read_file(socket_table, 16U << 20U);
    if (!table) return use;
    for (const std::string_view line : split(base::as_text(*table), '\n')) {
        const auto words = split(line, ' ');
        if (words.size() != 8 || words[7] != path) continue;
        if (words[3] == accepts) use.listening = true;
        if (words[5] == connected) ++use.connected;
    }
    return use;
}

struct Line {
    std::string backend;
    std::string server_name;
    std::string ca;
    std::string certificate;
    std::string key;
    std::string kiosk_socket;
};

base::Result<Line> read_line(const DoctorPlace& place) {
    TRY(content, read_file((place.state / "syncd.json").string()));
    TRY(json, model::parse_json(base::as_text(content), content.size()));
    model::JsonFields fields(json);
    constexpr std::size_t path_max = 1'024;
    Line line;
    line.backend = fields.text("backend", path_max);
    if (fields.has("server_name")) line.server_name = fields.text("server_name", path_max);
    line.ca = fields.text("ca", path_max);
    line.certificate = fields.text("certificate", path_max);
    line.key = fields.text("key", path_max);
    line.kiosk_socket = fields.text("kiosk_socket", path_max);
    if (!fields.ok_with_others()) return base::fail(base::Errc::config_bad, "syncd.json");
    return line;
}

/// One request over mutual TLS; any answer means that both sides believed each other.
base::Result<std::string> ask_backend(const Line& line, std::uint64_t floor_ms) {
    const auto origin = http::parse_origin(line.backend);
    if (!origin) return base::fail(base::Errc::config_bad, "backend");
    TRY(ca, read_file(line.ca));
    TRY(certificate, read_file(line.certificate));
    TRY(key, read_file(line.key));
    os::SystemClock clock;
    crypto::SystemRandom random;
    auto tls = http::TlsContext::make(
        http::TlsSide::client, {ca, certificate, key},
        [&] { return http::window_of_floor(floor_ms, clock.wall_ms()); }, random);
    base::wipe(key);
    if (!tls) return tl::unexpected(tls.error());
    http::Client client({*origin, line.server_name}, **tls, clock);
    http::Request request;
    request.path = "/healthz";
    TRY_VOID(client.send(request));
    return client.tls_description();
}

void look_at_socket(Findings& out, const std::string& path) {
    const SocketUse use = use_of(path);
    if (!use.listening) {
        out.warn("socket", "kiosk: not running (nobody listens at " + path + ")",
                 "start freigabe-kiosk");
    } else if (use.connected == 0) {
        out.warn("socket", "syncd: not connected to the kiosk",
                 "start freigabe-syncd with syncd.json, as the user named in kiosk.json");
    } else {
        out.ok("socket", "kiosk runs, syncd is connected to it");
    }
}

}  // namespace

void look_at_line(Findings& out, const DoctorPlace& place) {
    const auto line = read_line(place);
    if (!line) {
        out.bad("syncd", "syncd.json: " + text_of(line.error()), "freigabectl enrol writes it");
        return;
    }
    look_at_socket(out, line->kiosk_socket);
    if (place.offline) {
        out.ok("backend", "backend " + line->backend + ": not asked");
        return;
    }
    const auto answer = ask_backend(*line, known_floor_ms(place));
    if (answer) {
        out.ok("backend", "backend " + line->backend + ": answers, " + *answer);
    } else {
        // Weeks without a network are part of the plan: a warning, not a failure.
        out.warn("backend", "backend " + line->backend + ": " + text_of(answer.error()),
                 "records are kept and sent later; check cable, name and certificates");
    }
}

}  // namespace ctl
