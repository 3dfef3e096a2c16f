// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/postgres/session.hpp"

#include <array>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"

namespace backend::postgres {
namespace {

using OptionList = std::unique_ptr<PQconninfoOption, base::Deleter<PQconninfoFree>>;

// Words for an error that never reached the server.
constexpr std::uint32_t no_sqlstate = 0;

/// The connection string with our bounds where it says nothing else.
struct Target {
    std::vector<std::string> values;
    std::vector<const char*> keywords;
    std::vector<const char*> pointers;
};

std::string default_of(std::string_view keyword) {
    if (keyword == "connect_timeout") return std::to_string(limits::store_connect_s_max);
    if (keyword == "tcp_user_timeout") return std::to_string(limits::store_tcp_ms_max);
    if (keyword == "keepalives_idle") return std::to_string(limits::store_probe_after_s);
    if (keyword == "keepalives_interval") return std::to_string(limits::store_probe_every_s);
    if (keyword == "keepalives_count") return std::to_string(limits::store_probes_max);
    if (keyword == "client_encoding") return "UTF8";
    if (keyword == "fallback_application_name") return "freigabe-backend";
    return {};
}

OptionList parse(const std::string& url) {
    char* message = nullptr;
    OptionList options(PQconninfoParse(url.c_str(), &message));
    // The message repeats the string.
    PQfreemem(message);
    return options;
}

base::Result<Target> target_of(const std::string& url) {
    TRY_VOID(check_address(url));
    const OptionList options = parse(url);
    Target target;
    // Pointers into the texts: they must not move afterwards.
    target.values.reserve(64);
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        std::string value = option->val != nullptr ? option->val : default_of(option->keyword);
        if (value.empty()) continue;
        CHECK(target.values.size() < target.values.capacity());
        target.keywords.push_back(option->keyword);
        target.values.push_back(std::move(value));
        target.pointers.push_back(target.values.back().c_str());
    }
    // Keywords are texts of libpq's own table, which outlives the list.
    target.keywords.push_back(nullptr);
    target.pointers.push_back(nullptr);
    return target;
}

void ignore_notice(void*, const PGresult*) {
    // Notices may quote values; what matters comes as an error.
}

}  // namespace

base::Result<void> check_address(const std::string& url) {
    const OptionList options = parse(url);
    if (options == nullptr) return base::fail(base::Errc::config_bad, "store.address");
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view keyword = option->keyword;
        const bool secret = keyword == "password" || keyword == "sslpassword";
        if (secret && option->val != nullptr && option->val[0] != '\0') {
            return base::fail(base::Errc::config_bad, "store.password_in_address");
        }
    }
    return {};
}

base::Result<std::unique_ptr<Session>> Session::open(const std::string& url) {
    TRY(target, target_of(url));
    Handle connection(PQconnectdbParams(target.keywords.data(), target.pointers.data(), 0));
    if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK) {
        return base::fail(base::Errc::network_unreachable, "store.connect");
    }
    std::unique_ptr<Session> session(new Session(std::move(connection)));
    TRY_VOID(session->configure());
    return session;
}

base::Result<void> Session::configure() {
    PGconn* const connection = connection_.get();
    (void)PQsetNoticeReceiver(connection, ignore_notice, nullptr);  // gives the one before
    const char* const encoding = PQparameterStatus(connection, "server_encoding");
    if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
        return base::fail(base::Errc::journal_open_failed, "store.encoding");
    }
    if (PQenterPipelineMode(connection) != 1) {
        return base::fail(base::Errc::journal_open_failed, "store.pipeline");
    }
    const std::string statement_ms = std::to_string(limits::store_statement_ms_max);
    const std::string lock_ms = std::to_string(limits::store_wait_ms_max);
    const std::string idle_ms = std::to_string(limits::store_idle_transaction_ms_max);
    TRY_VOID(send("SET client_min_messages = error"));
    TRY_VOID(send(("SET statement_timeout = " + statement_ms).c_str()));
    TRY_VOID(send(("SET lock_timeout = " + lock_ms).c_str()));
    TRY_VOID(send(("SET idle_in_transaction_session_timeout = " + idle_ms).c_str()));
    // No statement is worth compiling: each finds a few rows. Where a scan cannot be avoided the
    // cost that we put on it below would have it compiled at every execution.
    TRY_VOID(send("SET jit = off"));
    // Every statement is written for an index and finds few rows. A plan made while its table was
    // small, which reads all of it, must not stay when it has grown.
    for (const char* plan : {"seqscan", "hashjoin", "mergejoin"}) {
        TRY_VOID(send(("SET enable_" + std::string(plan) + " = off").c_str()));
    }
    TRY_VOID(send("SHOW synchronous_commit"));
    TRY(answers, exchange());
    // An operator may ask for more than the local disk (remote_apply), never for less.
    const std::string_view commit = PQgetvalue(answers.back().get(), 0, 0);
    if (commit != "off") return {};
    TRY_VOID(send("SET synchronous_commit = on"));
    TRY_VOID(exchange());
    return {};
}

base::Result<void> Session::count(int sent) {
    if (sent != 1) return tl::unexpected(error_of(nullptr));
    ++queued_;
    return {};
}

base::Result<void> Session::send(const char* sql) {
    return count(
        PQsendQueryParams(connection_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 1));
}

base::Result<void> Session::send_prepare(const std::string& name, const std::string& sql,
                                         const Parameters& like) {
    return count(
        PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), like.count(), like.types()));
}

base::Result<void> Session::send_prepared(const std::string& name, const Parameters& parameters) {
    return count(PQsendQueryPrepared(connection_.get(), name.c_str(), parameters.count(),
                                     parameters.values(), parameters.lengths(),
                                     parameters.formats(), 1));
}

base::Result<std::vector<Answer>> Session::exchange() {
    std::vector<Answer> answers;
    base::Result<void> done;
    const auto failed = [&](const PGresult* answer) {
        if (done) done = tl::unexpected(error_of(answer));
    };
    const std::size_t commands = std::exchange(queued_, 0);
    if (PQpipelineSync(connection_.get()) != 1) failed(nullptr);
    for (std::size_t i = 0; i < commands && !lost(); ++i) {
        // Each command has one result and a null behind it.
        Answer answer(PQgetResult(connection_.get()));
        const ExecStatusType status = PQresultStatus(answer.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) failed(answer.get());
        answers.push_back(std::move(answer));
        while (!lost()) {
            const Answer more(PQgetResult(connection_.get()));
            if (more == nullptr) break;
        }
    }
    if (!lost()) {
        const Answer sync(PQgetResult(connection_.get()));
        if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) failed(sync.get());
    }
    if (lost()) failed(nullptr);
    if (!done) return tl::unexpected(done.error());
    return answers;
}

base::Error Session::error_of(const PGresult* answer) const {
    const char* const field =
        answer != nullptr ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view state = field != nullptr ? field : "";
    const std::uint32_t detail = state.empty() ? no_sqlstate : sqlstate(state);
    // 08 connection exception, 57P0x the server is going down or coming up.
    if (lost() || state.starts_with("08") || state.starts_with("57P0")) {
        return {base::Errc::network_unreachable, "store.postgresql", detail};
    }
    // Undone for another one; waited too long for a lock or altogether; too many sessions or too
    // little memory: all pass by themselves.
    for (const std::string_view passing : {"40001", "40P01", "55P03", "57014", "53300", "53200"}) {
        if (state == passing) return {base::Errc::busy, "store.postgresql", detail};
    }
    if (state == "53100") return {base::Errc::journal_full, "store.postgresql", detail};
    return {base::Errc::journal_io, "store.postgresql", detail};
}

}  // namespace backend::postgres
