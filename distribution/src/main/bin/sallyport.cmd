@echo off
rem Starts Sallyport on the first Java 25 (or newer) that it finds:
rem   JAVA25_HOME, JAVA_HOME, java on the PATH, then where JDKs are usually installed.
rem SALLYPORT_HEAP=512m   the most heap (default: a quarter of the memory)
rem JAVA_OPTS=...         further options for the JVM; they win over those below
rem When the JVM of `run` ends for want of memory, it is started again.
setlocal EnableExtensions

for %%I in ("%~dp0..") do set "SALLYPORT_DIR=%%~fI"
set "SALLYPORT_JAVA="

rem Some set JAVA_HOME with quotes around it.
if defined JAVA25_HOME call :try "%JAVA25_HOME:"=%\bin\java.exe"
if not defined SALLYPORT_JAVA if defined JAVA_HOME call :try "%JAVA_HOME:"=%\bin\java.exe"
if not defined SALLYPORT_JAVA for %%I in (java.exe) do if not "%%~$PATH:I"=="" call :try "%%~$PATH:I"
if not defined SALLYPORT_JAVA for /d %%D in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :try "%%~D\bin\java.exe"

if not defined SALLYPORT_JAVA (
  echo sallyport: no Java 25 or newer found: install one ^(https://adoptium.net^), or set JAVA_HOME to where it is. 1>&2
  exit /b 1
)

set "SALLYPORT_COLLECTOR=-XX:+UseParallelGC"
if "%NUMBER_OF_PROCESSORS%"=="1" set "SALLYPORT_COLLECTOR=-XX:+UseSerialGC"
if "%NUMBER_OF_PROCESSORS%"=="2" set "SALLYPORT_COLLECTOR=-XX:+UseSerialGC"
rem Shown by set, since echo would run what stands behind a pipe in it.
set JAVA_OPTS 2>nul | findstr /r /c:"-XX:+Use[A-Za-z0-9]*GC" >nul && set "SALLYPORT_COLLECTOR="

set "SALLYPORT_RESTARTED="
set "SALLYPORT_SINCE="
set "SALLYPORT_COUNT=0"
set "SALLYPORT_XMX="
if defined SALLYPORT_HEAP set "SALLYPORT_XMX=-Xmx%SALLYPORT_HEAP%"
rem What the heap begins with is resident soon, whether anything needs it or not; it grows to what it may.
if not defined SALLYPORT_HEAP if not defined JAVA_OPTS set "SALLYPORT_XMX=-Xms96m"

:start
"%SALLYPORT_JAVA%" ^
  --enable-native-access=ALL-UNNAMED ^
  --sun-misc-unsafe-memory-access=allow ^
  --add-opens=java.base/java.lang=ALL-UNNAMED ^
  --add-opens=java.base/java.util=ALL-UNNAMED ^
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED ^
  --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED ^
  --add-opens=java.base/jdk.internal.vm=ALL-UNNAMED ^
  -XX:+UseCompactObjectHeaders ^
  -XX:MetaspaceSize=96m ^
  -XX:MaxMetaspaceSize=256m ^
  -XX:+ExitOnOutOfMemoryError ^
  -Dfile.encoding=UTF-8 ^
  %SALLYPORT_COLLECTOR% %SALLYPORT_XMX% %JAVA_OPTS% ^
  "-Dsallyport.home=%SALLYPORT_DIR%" %SALLYPORT_RESTARTED% ^
  -cp "%SALLYPORT_DIR%\lib\*" ^
  dev.sallyport.kernel.cli.Sallyport %*
set "SALLYPORT_STATUS=%ERRORLEVEL%"
if not "%~1"=="run" exit /b %SALLYPORT_STATUS%
if not "%SALLYPORT_STATUS%"=="3" exit /b %SALLYPORT_STATUS%

rem 3 from the JVM means: no memory left. Not more often than 5 times within 60 s, counted in seconds of the day.
for /f "tokens=1-3 delims=:., " %%H in ("%TIME%") do set /a "SALLYPORT_NOW=((10%%H %% 100)*60+(10%%I %% 100))*60+(10%%J %% 100)"
if not defined SALLYPORT_SINCE set "SALLYPORT_SINCE=%SALLYPORT_NOW%"
set /a "SALLYPORT_AGO=SALLYPORT_NOW-SALLYPORT_SINCE"
if %SALLYPORT_AGO% LSS 0 set /a "SALLYPORT_AGO+=86400"
if %SALLYPORT_AGO% GTR 60 (
  set "SALLYPORT_SINCE=%SALLYPORT_NOW%"
  set "SALLYPORT_COUNT=0"
)
set /a "SALLYPORT_COUNT+=1"
if %SALLYPORT_COUNT% GTR 5 (
  echo sallyport: the gateway has run out of memory again, %SALLYPORT_COUNT% times within 60 s: it is not started again. 1>&2
  exit /b 3
)
echo sallyport: the gateway has run out of memory; it is started again on what served last. 1>&2
set "SALLYPORT_RESTARTED=-Dsallyport.restarted=true"
goto start

:try
if defined SALLYPORT_JAVA exit /b 0
if not exist "%~1" exit /b 0
rem The outer pair of quotes, escaped so that it protects nothing here, is the one that cmd /c takes off.
rem Of all lines that Java prints, the one with the version reads: openjdk version "25.0.1" 2025-10-21
for /f "tokens=2,3" %%U in ('^""%~1" -version 2^>^&1^"') do if "%%U"=="version" (
  for /f "tokens=1 delims=.-+" %%M in ("%%~V") do if %%M GEQ 25 set "SALLYPORT_JAVA=%~1"
)
exit /b 0
